"""The docs say what the code does: what is listed here is compared with it."""
