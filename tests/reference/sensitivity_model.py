"""Models, dosing and courses as text, and a course as an exact function of its numbers: see make_sensitivity.py."""
from dataclasses import dataclass

from mpmath import mp, mpf, matrix, lu_solve

STOP, START, ADD, CHANGE, LOOK = range(5)  # the order at one instant


class Body:
    """An absorption and a disposition, read from their text. `numbers` are the values under their names."""

    def __init__(self, absorption, disposition, prefix=""):
        self.numbers, self.paths, self.prefix = {}, [], prefix
        texts = absorption.split(" + ")
        for i, path in enumerate(texts, start=1):
            tag = prefix + (f"{i}." if len(texts) > 1 else "")
            kind, values = fields(path)
            self.paths.append((kind, int(values.pop("n", 0)), tag))
            self.numbers |= {tag + name: mpf(float(value)) for name, value in values.items()}
        self.kind, values = fields(disposition)
        self.numbers |= {prefix + name: mpf(float(value)) for name, value in values.items()}

    def get(self, p, name, missing=None):
        return p.get(self.prefix + name, missing)

    def chain(self, p, path):
        """The rates between where a dose enters a path and the plasma."""
        kind, steps, tag = self.paths[path]
        if kind == "transit":
            return [(steps + 1) / p[tag + "mtt"]] * (steps + 1) + [p[tag + "ka"]]
        return [p[tag + "ka"]] if kind == "first_order" else []

    def exchange(self, p):
        """The rate of elimination, and the rates to and from each peripheral compartment."""
        v1 = self.volume(p)
        pairs = {"one": [], "two": [("q", "v2")], "three": [("q2", "v2"), ("q3", "v3")]}[self.kind]
        flows = [(self.get(p, q) / v1, self.get(p, q) / self.get(p, v)) for q, v in pairs]
        return self.get(p, "cl") / v1, flows

    def volume(self, p):
        return self.get(p, "v" if self.kind == "one" else "v1")


@dataclass
class Dose:
    route: str
    amount: mpf
    time: mpf
    over: mpf


class Dosing:
    def __init__(self, text):
        self.doses, self.tau = [], None
        for words in (part.split() for part in text.split(" ; ")):
            route, amount = words[0], mpf(float(words[1]))
            steady = words[-1] == "ss"
            rest = words[2:-1] if steady else words[2:]
            given = {word: mpf(float(value)) for word, value in zip(rest[::2], rest[1::2])}
            self.tau = given["every"] if steady else self.tau
            for i in range(int(given.get("times", 1))):
                time = given.get("at", mpf(0)) + i * given.get("every", mpf(0))
                self.doses.append(Dose(route, amount, time, given.get("over", mpf(0))))


def fields(text):
    kind, *pairs = text.split()
    return kind, dict(pair.split("=") for pair in pairs)


@dataclass
class Case:
    name: str
    absorption: str
    disposition: str
    dosing: str
    times: list
    second: bool = True
    change: float = None
    after: str = None
    area: bool = False

    def bodies(self):
        if self.after is None:
            return [Body(self.absorption, self.disposition)]
        words = self.after.split()
        later = Body("first_order " + words.pop(), " ".join(words), "b.")
        return [Body(self.absorption, self.disposition, "a."), later]

    def numbers(self):
        return {name: value for body in self.bodies() for name, value in body.numbers.items()}


class Moment:
    """A time, and the time that it is where no number has been moved: that decides what comes first."""

    def __init__(self, nominal, time):
        self.nominal, self.time = nominal, time

    def __add__(self, other):
        return Moment(self.nominal + other.nominal, self.time + other.time)

    def less(self, fixed):
        return Moment(self.nominal - fixed, self.time - fixed)


@dataclass
class Arrival:
    path: int  # none for a vein
    begin: Moment
    last: Moment  # how long it takes; 0 is at once
    amount: object


def arrivals(body, p, dosing):
    """What each dose brings to each path. `p` may hold numbers that have been moved."""
    def both(name, missing=mpf(0)):
        return Moment(body.numbers.get(name, missing), p.get(name, missing))

    for dose in dosing.doses:
        taken, over = Moment(dose.time, dose.time), Moment(dose.over, dose.over)
        if dose.route == "iv":
            yield Arrival(None, taken, over, dose.amount)
            continue
        for number, (kind, _, tag) in enumerate(body.paths):
            last = both(tag + "duration") if kind == "zero_order" else over
            yield Arrival(number, taken + both(tag + "tlag"), last, dose.amount * p.get(tag + "f", mpf(1)))


# ---------------------------------------------------------------- the course, through matrix exponentials


def multiply(a, b):
    columns = list(zip(*b))
    rows = [[(k, x) for k, x in enumerate(row) if x] for row in a]
    return [[mp.fdot((x, column[k]) for k, x in row if column[k]) for column in columns] for row in rows]


def exponential(a, t):
    """e^(a t) by its series on a small part of t, and squarings."""
    n, norm = len(a), max(sum(abs(x) for x in row) for row in a) * abs(t)
    halvings = max(0, int(mp.ceil(mp.log(norm, 2))) + 12) if norm else 0
    b = [[x * t / 2**halvings for x in row] for row in a]
    total = [[mpf(int(i == j)) for j in range(n)] for i in range(n)]
    term, q, small = b, 1, mpf(10) ** (-mp.dps * 3 // 2)
    while max(abs(x) for row in term for x in row) > small:
        total = [[x + y for x, y in zip(*rows)] for rows in zip(total, term)]
        q += 1
        term = [[x / q for x in row] for row in multiply(term, b)]
    for _ in range(halvings):
        total = multiply(total, total)
    return total


class Course:
    """States: the row of each path, plasma, peripherals, the area under the amount in the plasma if asked for, and a one."""

    def __init__(self, case, p):
        self.case, self.p, self.bodies, self.known = case, p, case.bodies(), {}
        self.dosing = Dosing(case.dosing)
        self.body, body = self.bodies[0], self.bodies[0]
        lengths = [len(body.chain(p, path)) for path in range(len(body.paths))]
        self.central = sum(lengths)
        self.entries = {None: self.central}
        for path, length in enumerate(lengths):
            self.entries[path] = sum(lengths[:path]) if length else self.central
        self.core = self.central + {"one": 1, "two": 2, "three": 3}[body.kind]
        self.size = self.core + int(case.area) + 1
        self.nothing = [mpf(0)] * (self.size - 1) + [mpf(1)]

    def rates(self, body):
        a = [[mpf(0)] * self.size for _ in range(self.size)]

        def flow(source, to, rate):
            a[source][source] -= rate
            if to is not None:
                a[to][source] += rate

        c = self.central
        for path in range(len(body.paths)):
            chain = body.chain(self.p, path)
            first = self.entries[path]
            for i, rate in enumerate(chain):
                flow(first + i, first + i + 1 if i + 1 < len(chain) else c, rate)
        out, exchange = body.exchange(self.p)
        flow(c, None, out)
        for j, (to, back) in enumerate(exchange, start=1):
            flow(c, c + j, to)
            flow(c + j, c, back)
        if self.case.area:
            a[self.core][c] = mpf(1)
        return a

    def over(self, body, inputs, length):
        """What a time does to a state, with constant inputs (a row)."""
        key = (id(body), tuple(inputs), length)
        if key not in self.known:
            a = self.rates(body)
            for row, rate in zip(a, inputs):
                row[-1] = rate
            self.known[key] = exponential(a, length)
        return self.known[key]

    def run(self, x, inputs, events):
        """Follows the events; what is seen at each look, and the state at the last event."""
        body, now, seen, inputs = self.body, mpf(0), [], list(inputs)
        for moment, what, entry, amount in sorted(events, key=lambda event: (event[0].nominal, event[1])):
            step = self.over(body, inputs, moment.time - now)
            x, now = [mp.fdot(row, x) for row in step], moment.time
            if what == LOOK:
                seen.append(x[self.core] / body.volume(self.p) if self.case.area else self.conc(body, x))
            elif what == CHANGE:
                body = self.bodies[1]
            elif what == ADD:
                x[entry] += amount
            else:
                inputs[entry] += amount if what == START else -amount
        return seen, x

    def conc(self, body, x):
        return x[self.central] / body.volume(self.p) + self.p.get("baseline", mpf(0))

    def values(self):
        """The concentration (or the area) at each time of the case."""
        tau = self.dosing.tau
        looks = [(Moment(t, t), LOOK, None, None) for t in map(mpf, self.case.times if tau is None else self.looks(tau))]
        events, inputs = [], [mpf(0)] * self.size
        for arrival in arrivals(self.body, self.p, self.dosing):
            if tau is None:
                self.once(events, arrival)
            else:
                self.for_ever(events, inputs, arrival)
        if tau is not None:
            return self.settled(events, inputs, looks)
        if self.case.change is not None:
            c = mpf(self.case.change)
            events.append((Moment(c, c), CHANGE, None, None))
        return self.run(self.nothing, inputs, events + looks)[0]

    def once(self, events, arrival):
        entry, begin, last = self.entries[arrival.path], arrival.begin, arrival.last
        if last.nominal == 0:
            events.append((begin, ADD, entry, arrival.amount))
        else:
            rate = arrival.amount / last.time
            events += [(begin, START, entry, rate), (begin + last, STOP, entry, rate)]

    # ------------------------------------------------------------ the steady state

    def looks(self, tau):
        return [tau] if self.case.area else self.case.times

    def for_ever(self, events, inputs, arrival):
        """The events of one cycle. An input longer than a cycle overlaps itself."""
        tau, entry, begin, last = self.dosing.tau, self.entries[arrival.path], arrival.begin, arrival.last
        begin = begin.less(mp.floor(begin.nominal / tau) * tau)
        if last.nominal == 0:
            events.append((begin, ADD, entry, arrival.amount))
            return
        rate, whole = arrival.amount / last.time, mp.floor(last.nominal / tau)
        inputs[entry] += whole * rate
        rest = last.less(whole * tau)
        if rest.nominal == 0:
            return
        end = begin + rest
        if end.nominal >= tau:
            inputs[entry] += rate
            end = end.less(tau)
        events += [(begin, START, entry, rate), (end, STOP, entry, rate)]

    def settled(self, events, inputs, looks):
        tau, k = self.dosing.tau, self.core
        end = (Moment(tau, tau), LOOK, None, None)
        _, once = self.run(self.nothing, inputs, events + [end])
        e = self.over(self.body, [mpf(0)] * self.size, tau)
        lhs = matrix(k, k)
        for i in range(k):
            for j in range(k):
                lhs[i, j] = int(i == j) - e[i][j]
        fixed = lu_solve(lhs, matrix(once[:k]))
        start = list(fixed) + self.nothing[k:]
        seen, _ = self.run(start, inputs, events + looks)
        if self.case.area:  # of a cycle, and the average
            return [seen[0], seen[0] / tau]
        return seen


def derivatives(case):
    """{(number, second): values at the times} by central differences; ('', '') is the value itself."""
    numbers = case.numbers()
    step = {name: mpf(10) ** -35 * (abs(value) or 1) for name, value in numbers.items()}

    def at(*moved):
        return Course(case, numbers | {name: numbers[name] + sign * step[name] for name, sign in moved}).values()

    base, table = at(), {}
    more, less = [{name: at((name, sign)) for name in numbers} for sign in (1, -1)]
    table["", ""] = base
    for a in numbers:
        table[a, ""] = [(x - y) / (2 * step[a]) for x, y in zip(more[a], less[a])]
    for i, a in enumerate(numbers if case.second else []):
        for b in list(numbers)[i:]:
            if a == b:
                rows = zip(more[a], less[a], base)
                table[a, b] = [(x + y - 2 * z) / step[a] ** 2 for x, y, z in rows]
            else:
                rows = zip(at((a, 1), (b, 1)), at((a, -1), (b, -1)), more[a], less[a], more[b], less[b], base)
                table[a, b] = [(u + v - w - x - y - z + 2 * m) / (2 * step[a] * step[b]) for u, v, w, x, y, z, m in rows]
    # What is nothing but the rounding of the differences is zero.
    for (a, b), values in table.items():
        for i, value in enumerate(values):
            share = abs(value) * (abs(numbers.get(a, 1)) or 1) * (abs(numbers.get(b, 1)) or 1)
            if share < mpf(10) ** -60 * (abs(base[i]) or 1):
                values[i] = mpf(0)
    return table
