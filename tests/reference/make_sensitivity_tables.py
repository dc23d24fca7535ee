#!/usr/bin/env python3
"""Writes sensitivity_tables.csv: event tables with derivatives with respect to the numbers of a model.

    pip install mpmath gmpy2        # gmpy2 only makes it faster
    python3 tests/reference/make_sensitivity_tables.py

A table is followed record by record, with matrix exponentials of 70 digits (sensitivity_model.py), as an exact function of its
numbers; a steady state is the sum of the infusions that still run and a geometric series of the doses before them. The
derivatives are central differences with steps of 1e-17 of each number.

How a table is read is in the comments of the file. The numbers of a record hold on the interval that ends at it, and for what
arrives in it; a lag is that of the record that gives the dose.
"""
from dataclasses import dataclass

from mpmath import mp, mpf, matrix, lu_solve

from make import write
from sensitivity_model import Body, exponential

DIGITS, STEP = 70, mpf(10) ** -17


@dataclass
class Case:
    name: str
    bodies: list  # (absorption, disposition), one after another by the number in a record
    records: list  # (time, amt, rate, ii, addl, ss, evid, cmt, body)
    inlets: dict = None  # cmt: (tlag, f, rate, duration)


class Run:
    """The states of a table for some numbers; `nominal` decides what comes first."""

    def __init__(self, case, shift):
        self.case, self.known, self.bodies = case, {}, [Body(*texts) for texts in case.bodies]
        self.nominal = [body.numbers for body in self.bodies]
        self.p = [{name: value + shift.get(name, 0) for name, value in body.numbers.items()} for body in self.bodies]
        body = self.bodies[0]
        self.lengths = [len(body.chain(self.p[0], path)) for path in range(len(body.paths))]
        self.central = sum(self.lengths)
        self.size = self.central + {"one": 1, "two": 2, "three": 3}[body.kind] + 1
        plain = len(body.paths) == 1 and body.paths[0][0] == "bolus" and not body.numbers.get("tlag") and body.numbers.get("f", 1) == 1
        self.plasma = 1 if plain else 2

    def rates(self, b):
        a, body, p, c = [[mpf(0)] * self.size for _ in range(self.size)], self.bodies[b], self.p[b], self.central

        def flow(source, to, rate):
            a[source][source] -= rate
            if to is not None:
                a[to][source] += rate

        for path, length in enumerate(self.lengths):
            first = sum(self.lengths[:path])
            for i, rate in enumerate(body.chain(p, path)):
                flow(first + i, first + i + 1 if i + 1 < length else c, rate)
        out, exchange = body.exchange(p)
        flow(c, None, out)
        for j, (to, back) in enumerate(exchange, start=1):
            flow(c, c + j, to)
            flow(c + j, c, back)
        return a

    def over(self, b, inputs, length):
        key = (b, tuple(inputs), length)
        if key not in self.known:
            a = self.rates(b)
            for row, rate in zip(a, inputs):
                row[-1] = rate
            self.known[key] = exponential(a, length)
        return self.known[key]

    def advance(self, b, x, inputs, length):
        if length == 0:
            return x
        return [mp.fdot(row, x) for row in self.over(b, inputs, length)]

    def inlet(self, cmt):
        return [mpf(float(value)) for value in (self.case.inlets or {}).get(cmt, (0, 1, 0, 0))]

    def ways(self, cmt, b):
        """(state, lag, nominal lag, f, own duration, its nominal) of each way into a compartment."""
        tlag, body, p, n = self.inlet(cmt)[0], self.bodies[b], self.p[b], self.nominal[b]
        if cmt > 1 and cmt >= self.plasma:
            return [(self.central + cmt - self.plasma, tlag, tlag, mpf(1), mpf(0), mpf(0))]
        ways = []
        for path, (kind, _, tag) in enumerate(body.paths):
            state = sum(self.lengths[:path]) if self.lengths[path] else self.central
            own = (p[tag + "duration"], n[tag + "duration"]) if kind == "zero_order" else (mpf(0), mpf(0))
            ways.append((state, p.get(tag + "tlag", 0) + tlag, n.get(tag + "tlag", 0) + tlag, p.get(tag + "f", mpf(1)), *own))
        return ways

    def portion(self, record, b, path):
        """(state, amount, duration, nominal duration) of what a record brings by a path, with the numbers of body b."""
        _, amt, rate, _, _, _, _, cmt, _ = record
        _, f, inlet_rate, inlet_duration = self.inlet(cmt)
        ways = self.ways(cmt, b)
        whole, here = sum(way[3] for way in ways), ways[path]
        nominal = self.nominal[b]
        whole_nominal = sum(nominal.get(tag + "f", mpf(1)) for _, _, tag in self.bodies[b].paths) if len(ways) > 1 or cmt <= 1 else mpf(1)
        amount, rate = here[3] * f * mpf(amt), inlet_rate if rate == -1 else mpf(rate)
        if rate > 0:
            return here[0], amount, whole * f * mpf(amt) / rate, whole_nominal * f * mpf(amt) / rate
        if record[2] == -2:
            return here[0], amount, inlet_duration, inlet_duration
        return here[0], amount, here[4], here[5]

    def values(self):
        seen, x, inputs, agenda = [], [mpf(0)] * (self.size - 1) + [mpf(1)], [mpf(0)] * self.size, []
        now, now_nominal, b = None, None, self.case.records[0][8]

        def act(entry, b):
            nonlocal x
            _, _, _, kind, payload = entry
            if kind == "stop":
                state, rate = payload
                inputs[state] -= rate
                return
            record, path, time, nominal, left, ii = payload
            state, amount, last, last_nominal = self.portion(record, b, path)
            if last_nominal == 0:
                x = list(x)
                x[state] += amount
            else:
                inputs[state] += amount / last
                agenda.append((nominal + last_nominal, 0, time + last, "stop", (state, amount / last)))
            if left > 0:
                agenda.append((nominal + ii, 1, time + ii, "arrive", (record, path, time + ii, nominal + ii, left - 1, ii)))

        def change(new):
            """What the baseline keeps in the plasma is part of the amount that stays there (written for one compartment)."""
            nonlocal x, b
            held = [self.p[i].get("baseline", mpf(0)) * self.bodies[i].volume(self.p[i]) for i in (b, new)]
            x, b = list(x), new
            x[self.central] += held[0] - held[1]

        def until(nominal, b):
            nonlocal x, now, now_nominal
            while True:
                due = sorted((entry for entry in agenda if entry[0] <= nominal), key=lambda entry: entry[:2])
                if not due:
                    break
                agenda.remove(due[0])
                x = self.advance(b, x, inputs, due[0][2] - now)
                now, now_nominal = due[0][2], due[0][0]
                act(due[0], b)
            x = self.advance(b, x, inputs, nominal - now)
            now, now_nominal = nominal, nominal

        for record in self.case.records:
            time, amt, rate, ii, addl, ss, evid, cmt, body = record
            time, ii = mpf(time), mpf(ii)
            change(body)
            if now is not None and time >= now:
                until(time, b)
            now, now_nominal, b = time, time, body
            if evid in (3, 4) or (evid == 1 and ss == 1):
                x, inputs, agenda = [mpf(0)] * (self.size - 1) + [mpf(1)], [mpf(0)] * self.size, []
            if evid in (1, 4):
                for path, (state, tlag, tlag_nominal, *_) in enumerate(self.ways(cmt, b)):
                    if ss and amt == 0:
                        each = self.inlet(cmt)[2] if rate == -1 else mpf(rate)
                        ways = self.ways(cmt, b)
                        self.constant(x := list(x), b, state, each * ways[path][3] / sum(way[3] for way in ways))
                        continue
                    back = 0
                    if ss:
                        back = max(mpf(1), mp.ceil(tlag_nominal / ii))
                        x, running = self.steady(list(x), b, record, path, ii, back * ii - tlag)
                        _, amount, last, last_nominal = self.portion(record, b, path)
                        k = back
                        while last_nominal and time + tlag_nominal - k * ii + last_nominal > time:
                            inputs[state] += amount / last
                            agenda.append((time + tlag_nominal - k * ii + last_nominal, 0, time + tlag - k * ii + last, "stop",
                                           (state, amount / last)))
                            k += 1
                        back -= 1
                    first, first_nominal = time + tlag - back * ii, time + tlag_nominal - back * ii
                    agenda.append((first_nominal, 1, first, "arrive", (record, path, first, first_nominal, addl + int(back), ii)))
                until(time, b)
            seen.append(x[self.central] / self.bodies[b].volume(self.p[b]) + self.p[b].get("baseline", mpf(0)))
        return seen

    def constant(self, x, b, state, rate):
        """Adds what a constant infusion for ever has left."""
        a, k = self.rates(b), self.size - 1
        found = lu_solve(matrix([row[:k] for row in a[:k]]), matrix([-rate if i == state else mpf(0) for i in range(k)]))
        for i in range(k):
            x[i] += found[i]

    def steady(self, x, b, record, path, tau, since):
        """Adds what a dose every tau for ever has left, `since` h after the last arrival."""
        state, amount, last, _ = self.portion(record, b, path)
        k = self.size - 1
        nothing, zero = [mpf(0)] * k + [mpf(1)], [mpf(0)] * self.size
        e = self.over(b, zero, tau)
        lhs = matrix(k, k)
        for i in range(k):
            for j in range(k):
                lhs[i, j] = int(i == j) - e[i][j]

        def one(length):
            """What one dose leaves `length` h after its arrival."""
            if last == 0:
                begin = list(nothing)
                begin[state] += amount
                return self.advance(b, begin, zero, length)
            inputs = list(zero)
            inputs[state] = amount / last
            if length <= last:
                return self.advance(b, nothing, inputs, length)
            return self.advance(b, self.advance(b, nothing, inputs, last), zero, length - last)

        # Those that still run one by one, the rest as a geometric series.
        total, length = [mpf(0)] * k, since
        while last and length < last:
            total = [a + c for a, c in zip(total, one(length))]
            length += tau
        rest = lu_solve(lhs, matrix(one(length)[:k]))
        for i in range(k):
            x[i] += total[i] + rest[i]
        return x, None


def derivatives(case):
    names = list(Run(case, {}).p[0])
    step = {name: STEP * (abs(Run(case, {}).p[0][name]) or 1) for name in names}
    at = lambda *moved: Run(case, {name: sum(sign * step[n] for n, sign in moved if n == name) for name, _ in moved}).values()
    table = {("", ""): at()}
    more, less = [{name: at((name, sign)) for name in names} for sign in (1, -1)]
    base = table["", ""]
    for a in names:
        table[a, ""] = [(x - y) / (2 * step[a]) for x, y in zip(more[a], less[a])]
    second = case.name.endswith(("one", "zero order", "late")) or "change" in case.name
    for i, a in enumerate(names if second else []):
        for b in names[i:]:
            if a == b:
                table[a, b] = [(x + y - 2 * z) / step[a] ** 2 for x, y, z in zip(more[a], less[a], base)]
            else:
                rows = zip(at((a, 1), (b, 1)), at((a, -1), (b, -1)), more[a], less[a], more[b], less[b], base)
                table[a, b] = [(u + v - w - x - y - z + 2 * m) / (2 * step[a] * step[b]) for u, v, w, x, y, z, m in rows]
    for (a, b), values in table.items():
        for i, value in enumerate(values):
            if abs(value) < mpf(10) ** -25 * abs(base[i]):
                values[i] = mpf(0)
    return table


ONE, TWO, THREE = "one cl=1.27 v=15.0", "two cl=1.2 v1=22.0 q=13.0 v2=90.0", "three cl=5.0 v1=50.0 q2=3.0 v2=80.0 q3=1.0 v3=120.0"
FIRST, LATE = "first_order ka=1.2 tlag=0.5 f=0.8", "first_order ka=1.2 tlag=14.0 f=0.8"
ZERO, CHAIN, PLAIN = "zero_order duration=4.0 tlag=0.25 f=0.9", "transit n=3 mtt=2.0 ka=0.7 tlag=0.25 f=0.7", "bolus"
INLETS = {1: (0, 1, 20, 3), 2: (0.75, 0.8, 12.5, 2.5), 3: (0, 0.5, 6, 1.5)}


def look(time, body=0):
    return (time, 0, 0, 0, 0, 0, 0, 1, body)


def dose(time, amt, rate=0, ii=0, addl=0, ss=0, evid=1, cmt=1, body=0):
    return (time, amt, rate, ii, addl, ss, evid, cmt, body)


def cases():
    found = []
    for number, way, body in [("one", FIRST, ONE), ("two", FIRST, TWO), ("three", FIRST, THREE), ("zero order", ZERO, ONE),
                              ("chain", CHAIN, ONE), ("late", LATE, ONE)]:
        one = [(way, body)]
        found += [
            Case(f"steady state and on; {number}", one, [dose(0, 100, ii=12, addl=2, ss=1), look(5), look(20), look(50)]),
            Case(f"steady state added; {number}", one, [dose(0, 50), dose(6, 100, ii=8, ss=2), look(9.5), look(30)]),
            Case(f"resets; {number}", one, [dose(0, 80), look(3), dose(1, 60, evid=4), look(4), (0.5, 0, 0, 0, 0, 0, 3, 1, 0), look(2),
                                            dose(3, 40), look(9)]),
        ]
    for number, body in [("one", ONE), ("two", TWO), ("three", THREE)]:
        one = [(PLAIN, body)]
        found += [
            Case(f"infusions; {number}", one, [dose(0, 100, 40), look(1), dose(2, 60, 10, ii=9, addl=1), look(6), look(13)]),
            Case(f"infusions at steady state; {number}", one, [dose(0, 100, 40, ii=8, ss=1), look(1), dose(9, 100, 6.25, ii=8, ss=1, addl=1), look(13), look(40)]),
            Case(f"a constant infusion; {number}", one, [dose(0, 0, 12.5, ss=1), look(4), dose(5, 0, 3, ss=2), look(11)]),
            Case(f"rates of the model; {number}", [(FIRST, body)],
                 [dose(0, 50, -1, cmt=2), look(3), dose(4, 50, -2, cmt=2), look(5), dose(9, 30, -2), look(11.5), look(20)], INLETS),
        ]
    found += [
        Case("into the peripheral; two", [(FIRST, TWO)], [dose(0, 50, cmt=3), look(1), dose(2, 60, 15, cmt=3), look(3), look(9)], INLETS),
        Case("into the peripheral; three", [(FIRST, THREE)], [dose(0, 50, ii=6, ss=1, cmt=4), look(2), dose(3, 9, cmt=3), look(9)]),
        Case("numbers that change; one", [(FIRST, ONE), (FIRST, "one cl=2.0 v=18.0")],
             [dose(0, 100, ii=7, addl=3), look(3), look(10, 1), dose(12, 50, cmt=2, body=1), look(20, 0), look(33, 1)]),
        Case("numbers that change; two", [("first_order ka=1.2 tlag=0.5 f=0.8", TWO), ("first_order ka=0.9 tlag=0.7 f=0.6", "two cl=2.0 v1=25.0 q=10.0 v2=70.0")],
             [dose(0, 100, ii=7, addl=3), look(3), look(10, 1), look(20, 0), look(33, 1)]),
        Case("an infusion while numbers change; two", [(PLAIN, TWO), (PLAIN, "two cl=2.0 v1=25.0 q=10.0 v2=70.0")],
             [dose(0, 100, 5), look(3), look(10, 1), look(15, 0), look(33, 1)]),
        Case("steady state and then other numbers; one", [(FIRST, ONE), (FIRST, "one cl=2.0 v=18.0")],
             [dose(0, 100, ii=12, addl=3, ss=1), look(5), look(20, 1), look(40, 0)]),
        Case("two paths at steady state; one", [("first_order ka=0.35 tlag=0.25 f=0.6 + first_order ka=1.5 tlag=2.0 f=0.3", ONE)],
             [dose(0, 100, ii=12, addl=1, ss=1), look(5), look(20)]),
        Case("with a baseline; one", [(FIRST, ONE + " baseline=0.3"), (FIRST, "one cl=2.0 v=18.0 baseline=0.3")],
             [dose(0, 100, ii=12, addl=1), look(5), look(20, 1), look(30, 0)]),
    ]
    return found


def text(case):
    bodies = " | ".join(f"{way} / {body}" for way, body in case.bodies)
    records = " ; ".join(" ".join(str(cell) for cell in record) for record in case.records)
    inlets = " ; ".join(f"{cmt} " + " ".join(str(cell) for cell in inlet) for cmt, inlet in (case.inlets or {}).items())
    return bodies, inlets, records


def rows():
    for case in cases():
        with mp.workdps(DIGITS):
            table = derivatives(case)
        bodies, inlets, records = text(case)
        print(f"  {case.name}", flush=True)
        for (number, second), values in table.items():
            for i, record in enumerate(case.records):
                if record[6] == 0 and (values[i] or not number):
                    yield [case.name, bodies, inlets, records, i, number, second, values[i]]


if __name__ == "__main__":
    write("sensitivity_tables.csv", """The concentration at the observations of event tables, and its derivatives with respect to the numbers of the model.
        Value is the concentration where number and second are empty, else its derivative. Bodies (absorption / disposition) are numbered from 0;
        a record is `time amt rate ii addl ss evid cmt body`, and a number is moved in all bodies alike. Inlets are `cmt tlag f rate duration`.
        Worked with 70 digits. Units h, µg, L. Values of 0 are left out.""",
          "case,bodies,inlets,table,record,number,second,value", list(rows()), maker="make_sensitivity_tables.py")
