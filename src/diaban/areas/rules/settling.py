"""The end of a change: which unit hangs below which, and whether that tree holds."""

from collections import defaultdict
from dataclasses import replace

from diaban.areas.rules.levels import RANK
from diaban.areas.rules.operations import Kind
from diaban.areas.rules.working import Work


def settle(work: Work) -> None:
    """Find the codes after the change, and hang each unit that moves below its parent."""
    holders: dict[str, list[int]] = defaultdict(list)
    for key, unit in work.after.items():
        holders[unit.code].append(key)
    for code, keys in holders.items():
        for key in keys[:-1] if len(keys) > 1 else ():
            row = max(work.begun.get(one, 0) for one in keys)
            name = work.after[key].full_name
            work.say(row, "code_twice", f"mã {code} dùng hai lần, {name} cũng mang mã này.")
    # What follows from a line that cannot be done is no second mistake.
    wrong = {problem.row for problem in work.problems}
    followers = {line.old: line.new for line in work.lines if not line.partial}
    for key, (row, code) in work.homes.items():
        if key not in work.after:
            continue
        parent = holders.get(code, [None])[-1]
        was = work.by_code.get(code)
        if parent is None and was is not None:
            # The parent has gone whole into another: follow it.
            parent = followers.get(was)
        if parent is None:
            if row in wrong:
                continue
            problem = "outside_span" if was is not None or code in work.past else "unknown"
            if code in work.ending:
                work.say(row, "overlap", f"cấp trên mã {code} {work.ending[code]}.")
                continue
            state = "không còn" if problem == "outside_span" else "không có"
            work.say(row, problem, f"cấp trên mã {code or '(trống)'} {state} vào ngày này.")
            continue
        work.after[key] = replace(work.after[key], parent=parent)
    for key, unit in work.after.items():
        if unit.parent is not None and unit.parent not in work.after:
            parent = followers.get(unit.parent)
            if parent is None:
                row = work.ended.get(unit.parent, 0)
                if row in wrong:
                    continue
                text = f"{unit.full_name} mất cấp trên; hãy cho biết đơn vị về đâu."
                work.say(row, "members_lost", text)
                continue
            work.moved[key] = work.ended[unit.parent]
            work.after[key] = replace(unit, parent=parent)
    # A unit that comes to hang where it hung has not moved.
    for key in [k for k in work.moved if k in work.after]:
        if work.after[key].parent == work.units[key].parent:
            row = work.moved.pop(key)
            named = {problem.row for problem in work.problems}
            if row not in named and _kind_of(work, row) is Kind.MOVE:
                work.say(row, "same_parent", f"{work.units[key].full_name} đã ở đó.")


def _kind_of(work: Work, row: int) -> Kind | None:
    return next((o.kind for o in work.operations if o.row == row), None)


def look_at_the_tree(work: Work) -> None:
    for key in (*work.begun, *work.moved):
        unit = work.after[key]
        row = work.begun.get(key) or work.moved.get(key, 0)
        seen = {key}
        above = unit.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = work.after[above].parent
        if above is not None:
            work.say(row, "cycle", f"{unit.full_name} đứng dưới chính nó.")
            continue
        parent = work.after[unit.parent] if unit.parent is not None else None
        if parent is None or RANK[parent.level] >= RANK[unit.level]:
            work.say(row, "levels", f"cấp trên của {unit.full_name} phải cao hơn nó.")
