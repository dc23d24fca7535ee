"""The values of make_sensitivity.py worked in another way: partial fractions, with analytic derivatives (no differences)."""
from mpmath import mp, mpf, exp, floor, polyroots

from sensitivity_model import Dosing, Moment, arrivals

APART = mpf(10) ** -60


class Jet:
    """A value with its first and second derivatives with respect to all numbers."""

    def __init__(self, v, g, h):
        self.v, self.g, self.h = v, g, h

    @staticmethod
    def number(value, i, n):
        zero = mpf(0)
        return Jet(value, [mpf(int(j == i)) for j in range(n)], [[zero] * (n - j) for j in range(n)])

    def map(self, f, f1, f2):
        g = [f1 * x for x in self.g]
        h = [[f1 * x + f2 * a * b for x, b in zip(row, self.g[i:])] for i, (row, a) in enumerate(zip(self.h, self.g))]
        return Jet(f, g, h)

    def __add__(self, other):
        if not isinstance(other, Jet):
            return Jet(self.v + other, self.g, self.h)
        h = [[x + y for x, y in zip(*rows)] for rows in zip(self.h, other.h)]
        return Jet(self.v + other.v, [x + y for x, y in zip(self.g, other.g)], h)

    def __mul__(self, other):
        if not isinstance(other, Jet):
            return self.map(self.v * other, mpf(other), mpf(0))
        v, w, a, b = self.v, other.v, self.g, other.g
        h = [[v * y + w * x + a[i] * b[i + j] + a[i + j] * b[i] for j, (x, y) in enumerate(zip(*rows))]
             for i, rows in enumerate(zip(self.h, other.h))]
        return Jet(v * w, [v * y + w * x for x, y in zip(a, b)], h)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def inverse(self):
        x = 1 / self.v
        return self.map(x, -x * x, 2 * x**3)

    def __truediv__(self, other):
        return self * (other.inverse() if isinstance(other, Jet) else 1 / mpf(other))

    def __rtruediv__(self, other):
        return self.inverse() * other

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        e = exp(self.v)
        return self.map(e, e, e)


def e_to(x):
    return x.exp() if isinstance(x, Jet) else exp(x)


def plain(x):
    return x.v if isinstance(x, Jet) else x


def product(factors, start=mpf(1)):
    for factor in factors:
        start = start * factor
    return start


def polynomial(body, p, s):
    """The characteristic polynomial of the disposition at -s, and its slope there."""
    out, flows = body.exchange(p)
    head, slope = out + sum((to for to, _ in flows), mpf(0)) - s, mpf(-1)
    backs = [back - s for _, back in flows]
    value, derivative = head * product(backs), slope * product(backs)
    for j, (to, back) in enumerate(flows):
        others = product(b for i, b in enumerate(backs) if i != j)
        value, derivative = value - to * back * others, derivative - head * others
        derivative = derivative + sum((to2 * back2 for i, (to2, back2) in enumerate(flows) if i != j), mpf(0))
    return value, derivative


def poles(body, p):
    """The rates of the disposition's exponentials, by Newton's method on jets."""
    numbers = {name: plain(value) for name, value in p.items()}
    out, flows = body.exchange(numbers)
    if not flows:
        return [body.exchange(p)[0]]
    with mp.workdps(400):
        a, e = out + sum(to for to, _ in flows), [back for _, back in flows]
        if len(flows) == 1:
            coefficients = [1, -(a + e[0]), out * e[0]]
        else:
            k12, k13 = flows[0][0], flows[1][0]
            coefficients = [1, -(a + e[0] + e[1]), a * e[0] + a * e[1] + e[0] * e[1] - k12 * e[0] - k13 * e[1], -out * e[0] * e[1]]
        roots = polyroots(coefficients, maxsteps=2000, extraprec=4000)
    found = []
    for root in roots:
        assert abs(mp.im(root)) == 0
        root = mp.re(root)
        for _ in range(8):
            value, slope = polynomial(body, numbers, root)
            root -= value / slope
        for _ in range(3):
            value, slope = polynomial(body, p, root)
            root = root - value / slope
        found.append(root)
    return found


def modes(body, p, chain, into=0, out=0):
    """[(factor, rate)]: what a unit amounts to, from a row of rates into a compartment, in a compartment (0 is the plasma)."""
    rates = [rate * (1 + (i + 1) * APART) for i, rate in enumerate(chain)]  # no two rates are equal
    rates += poles(body, p)
    k10, flows = body.exchange(p)
    found = []
    for i, rate in enumerate(rates):
        if into == out == 0:
            top = product(back - rate for _, back in flows)
        elif into == out:
            top = k10 + flows[0][0] - rate
        else:
            top = flows[0][0 if into == 0 else 1]
        others = product(other - rate for j, other in enumerate(rates) if j != i)
        found.append((product(chain) * top / others, rate))
    return found


def kernel(order, rate, u):
    """e^(-rate u) integrated so many times from 0."""
    k = e_to(-rate * u)
    for power in range(order):
        k = ((u if power else 1) - k) / rate
    return k


def single(mode, order, begin, last, t):
    """One exponential (integrated `order` times) at t after an arrival, at once or over a time."""
    factor, rate = mode
    if plain(begin.nominal) > t:
        return mpf(0)
    u = t - begin.time
    if last.nominal == 0:
        return factor * kernel(order, rate, u)
    value = kernel(order + 1, rate, u)
    if begin.nominal + last.nominal <= t:
        value = value - kernel(order + 1, rate, u - last.time)
    return factor * value / last.time


def endless(mode, begin, last, t, tau):
    """One exponential, begun every tau for ever."""
    factor, rate = mode
    cycles = floor((t - begin.nominal) / tau)
    u = t - begin.time - cycles * tau  # since the latest
    rest = 1 / (1 - e_to(-rate * tau))
    if last.nominal == 0:
        return factor * kernel(0, rate, u) * rest
    running, s = 0, t - begin.nominal - cycles * tau
    total = mpf(0)
    while s + running * tau < last.nominal:
        total = total + kernel(1, rate, u + running * tau)
        running += 1
    u = u + running * tau
    total = total + (e_to(-rate * (u - last.time)) - e_to(-rate * u)) / rate * rest
    return factor * total / last.time


def jets_of(case):
    """The value at each time of a case as jets."""
    numbers = case.numbers()
    p = {name: Jet.number(value, i, len(numbers)) for i, (name, value) in enumerate(numbers.items())}
    bodies, dosing = case.bodies(), Dosing(case.dosing)
    body, zero = bodies[0], Jet.number(mpf(0), None, len(numbers))
    if case.change is not None:
        return [zero + changed(case, p, mpf(t)) for t in case.times]
    doses = list(arrivals(body, p, dosing))
    if case.area and dosing.tau is not None:
        auc = sum((dose.amount for dose in doses), mpf(0)) / p["cl"]
        return [auc + zero, auc / dosing.tau + zero]
    known = {path: modes(body, p, [] if path is None else body.chain(p, path)) for path in {dose.path for dose in doses}}
    values = []
    for t in map(mpf, case.times):
        total = zero
        for dose in doses:
            for mode in known[dose.path]:
                if dosing.tau is None:
                    total = total + dose.amount * single(mode, int(case.area), dose.begin, dose.last, t)
                else:
                    total = total + dose.amount * endless(mode, dose.begin, dose.last, t, dosing.tau)
        values.append(total / body.volume(p) + p.get("baseline", mpf(0)))
    return values


def changed(case, p, t):
    """The concentration at t of a course with a change: what is everywhere at the change, and what that becomes."""
    (before, after), dosing, c = case.bodies(), Dosing(case.dosing), mpf(case.change)
    ka_a, ka_b = p["a.ka"], p["b.ka"]
    compartments = range(1 + len(before.exchange(p)[1]))

    def mean(body, chain, out, begin, last, at):
        return sum((single(mode, 0, begin, last, at) for mode in modes(body, p, chain, 0, out)), mpf(0))

    total = mpf(0)
    for dose in arrivals(before, p, dosing):
        oral, begin, last = dose.path is not None, dose.begin, dose.last
        if t <= c or begin.nominal >= c:
            body, chain = (before, [ka_a]) if t <= c else (after, [ka_b])
            total = total + dose.amount * mean(body, chain if oral else [], 0, begin, last, t)
            continue
        u, amount = t - c, dose.amount
        if begin.nominal + last.nominal > c:  # the part that is still to come
            part = (begin + last).nominal - c
            share = mean(after, [ka_b] if oral else [], 0, begin.less(begin.nominal - c), Moment(part, part), t)
            total = total + amount * part / last.time * share
            amount = amount * (c - begin.nominal) / last.time
            last = last.less(part)
        if oral:
            depot = amount * single((mpf(1), ka_a), 0, begin, last, c)
            total = total + depot * sum((factor * kernel(0, rate, u) for factor, rate in modes(after, p, [ka_b])), mpf(0))
        for i in compartments:
            there = amount * mean(before, [ka_a] if oral else [], i, begin, last, c)
            total = total + there * sum((factor * kernel(0, rate, u) for factor, rate in modes(after, p, [], i, 0)), mpf(0))
    return total / (before if t <= c else after).volume(p)


def check(case, table):
    """Every value of a case agrees to 40 digits with its other calculation."""
    longest = max((body_chain(case)), default=0)
    with mp.workdps(400 + 75 * (longest + 2)):
        jets, names = jets_of(case), list(case.numbers())
        for (a, b), values in table.items():
            for jet, value, t in zip(jets, values, case.times):
                i = names.index(a) if a else None
                other = jet.v if not a else jet.g[i] if not b else jet.h[i][names.index(b) - i]
                size = max(abs(jet.v), mpf(10) ** -240)
                if value == 0:
                    assert abs(other) < mpf(10) ** -80 * size, (case.name, t, a, b, value, other)
                else:
                    assert abs(other - value) <= abs(other) * mpf(10) ** -40, (case.name, t, a, b, value, other)


def body_chain(case):
    return [len(body.chain(case.numbers(), path)) for body in case.bodies() for path in range(len(body.paths))]
