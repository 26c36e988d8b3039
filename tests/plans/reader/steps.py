"""How much work a piece of code does: the calls it makes, the same on every machine."""

import sys


def steps(work):
    """Run `work` and return how many functions were called meanwhile, those written in C too."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted
