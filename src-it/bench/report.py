"""What comes of the rows of bench: a table, whether the goals are met, and a picture."""
import csv, math, statistics
from pathlib import Path

CASES = ("workr", "floor-c25519", "floor", "ansible-mitogen", "ansible-tuned", "maven", "workr-validate")
COLOURS = {"workr": "#0b7a75", "floor-c25519": "#8a8a8a", "floor": "#5b6abf", "ansible-mitogen": "#d08a1d", "ansible-tuned": "#c0392b"}


class Rows:
    def __init__(self, folder):
        with open(folder / "bench.csv", newline="") as file:
            self.rows = list(csv.DictReader(file))

    def of(self, case, phase, hosts):
        return [r for r in self.rows if (r["case"], r["phase"], int(r["hosts"])) == (case, phase, hosts)]

    def median(self, case, phase, hosts, column="wall"):
        values = [float(r[column]) for r in self.of(case, phase, hosts)]
        return statistics.median(values) if values else None

    def counts(self):
        return sorted({int(r["hosts"]) for r in self.rows})

    def phases(self):
        return [p for p in ("first", "again") if any(r["phase"] == p for r in self.rows)]


def report(folder):
    rows = Rows(folder)
    print()
    for line in table(rows):
        print(line)
    print()
    for line in goals(rows):
        print(line)
    (folder / "bench.svg").write_text(picture(rows))


def table(rows):
    yield "| hosts | run | case | runs | wall s: median (least-most) | / workr | controller CPU s | hosts' CPU s | MiB | connections, commands a host |"
    yield "|--:|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for count in rows.counts():
        for phase in rows.phases():
            ours = rows.median("workr", phase, count)
            for case in CASES:
                found = rows.of(case, phase, count)
                if not found:
                    continue
                walls = sorted(float(r["wall"]) for r in found)
                middle = statistics.median(walls)
                median = lambda column: rows.median(case, phase, count, column)
                yield (f"| {count} | {phase} | {case} | {len(found)} | {middle:.2f} ({walls[0]:.2f}-{walls[-1]:.2f}) | {middle / ours if ours else 0:.1f} "
                       f"| {median('controller_cpu'):.2f} | {median('hosts_cpu'):.2f} | {median('memory_mib'):.0f} "
                       f"| {median('connections') / count:.2g}, {median('commands') / count:.2g} |")


def goals(rows):
    """Each with what was measured; a goal without its rows is left out."""
    get = rows.median

    def goal(what, is_, least=None, most=None):
        if None in (is_,) or (least is None and most is None):
            return None
        met = is_ >= least if least is not None else is_ <= most
        return f"{'met   ' if met else 'MISSED'}  {what}: {is_:.2f}, {'at least' if least is not None else 'at most'} {least if least is not None else most:.2f}"

    def less(a, b):
        return a - b if a is not None and b is not None else None

    def times(a, factor, plus=0.0):
        return a * factor + plus if a is not None else None

    def ratio(a, b):
        return a / b if a and b else None

    found = []
    for n in rows.counts():
        maven = get("maven", "again", n)
        for phase, plus in (("again", 0.5), ("first", 1.5)):
            own = less(get("workr", phase, n), maven)
            if n >= 50:
                found.append(goal(f"{phase}, {n} hosts, without Maven's start, s", own, most=times(get("floor-c25519", phase, n), 1.5, plus)))
        if n >= 50:
            found.append(goal(f"again, {n} hosts, times faster than tuned Ansible", ratio(get("ansible-tuned", "again", n), get("workr", "again", n)),
                              least=40.0 if n >= 200 else 25.0))
            found.append(goal(f"again, {n} hosts, times faster than mitogen", ratio(get("ansible-mitogen", "again", n), get("workr", "again", n)), least=15.0))
            cpu = less(get("workr", "again", n, "controller_cpu"), get("maven", "again", n, "controller_cpu"))
            found.append(goal(f"again, {n} hosts, controller's CPU beyond Maven's, s", cpu, most=1.0 + 0.03 * n))
            found.append(goal(f"again, {n} hosts, hosts' CPU as floor-c25519, s", get("workr", "again", n, "hosts_cpu"),
                              most=times(get("floor-c25519", "again", n, "hosts_cpu"), 1.25)))
        if n >= 200:
            found.append(goal(f"again, {n} hosts, memory, MiB", get("workr", "again", n, "memory_mib"), most=256))
            each = ratio(less(get("workr", "again", n), maven), n)
            found.append(goal(f"again, {n} hosts, a host's time as at 50, s", each, most=times(ratio(less(get("workr", "again", 50), get("maven", "again", 50)), 50), 1.2)))
        for what in ("connections", "commands"):
            found.append(goal(f"again, {n} hosts, {what} a host", ratio(get("workr", "again", n, what), n), most=1))
        found.append(goal(f"workr:validate, {n} hosts, as mvn validate, s", get("workr-validate", "again", n), most=times(maven, 1.3)))
    return [line for line in found if line]


def picture(rows):
    """Wall seconds of a run that changes nothing, over the number of hosts; both axes logarithmic."""
    counts = rows.counts()
    points = {c: [(n, rows.median(c, "again", n)) for n in counts if rows.median(c, "again", n)] for c in COLOURS}
    values = [s for line in points.values() for _, s in line]
    if not values:
        return "<svg xmlns='http://www.w3.org/2000/svg'/>\n"
    width, height, left, top, right, bottom = 760, 420, 70, 24, 150, 54
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    span = max(math.log10(counts[-1]) - math.log10(counts[0]), 0.01)
    x = lambda n: left + (math.log10(n) - math.log10(counts[0])) / span * (width - left - right)
    y = lambda s: height - bottom - (math.log10(s) - low) / max(high - low, 1) * (height - top - bottom)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
           "<style>text { fill: #333 } .grid { stroke: #ccc } @media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #555 } }</style>",
           "<title>Seconds of a run that finds nothing to change</title>"]
    for power in range(low, high + 1):
        at = y(10**power)
        out.append(f'<line class="grid" x1="{left}" x2="{width - right}" y1="{at:.1f}" y2="{at:.1f}"/><text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:g} s</text>')
    for n in counts:
        out.append(f'<text x="{x(n):.1f}" y="{height - bottom + 20}" text-anchor="middle">{n}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 10}" text-anchor="middle">hosts</text>')
    for case, line in points.items():
        if line:
            path = " ".join(f"{x(n):.1f},{y(s):.1f}" for n, s in line)
            out.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[case]}" stroke-width="2.5"/>')
            out += [f'<circle cx="{x(n):.1f}" cy="{y(s):.1f}" r="4" fill="{COLOURS[case]}"><title>{case}, {n} hosts: {s:.2f} s</title></circle>' for n, s in line]
            out.append(f'<text x="{x(line[-1][0]) + 10:.1f}" y="{y(line[-1][1]) + 4:.1f}">{case}</text>')
    return "\n".join(out + ["</svg>", ""])
