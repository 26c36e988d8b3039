"""
How the fast paths compare with what one would reach for instead.

Goals are ratios of processor time to a peer in the same process, both run in turn so that a busy
machine slows both, and both must give the same answer in every round. Nothing here is a test of
the machine: a goal that holds on one holds on another.
"""
