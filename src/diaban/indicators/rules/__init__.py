"""The rules of reporting, without database or clock: catalogue, aggregation, packing, roll-up."""
