#!/usr/bin/env python3
"""Writes the high-precision reference tables beside this file.

    pip install mpmath gmpy2        # gmpy2 only makes it faster
    python3 tests/reference/make.py [name ...]

The tests read the tables, never this script. Every table is worked with at least 60 digits (more where a matrix
exponential needs them) and printed with 25. With --check each matrix exponential is worked again with 100 digits more
and must agree to 40.

Conventions, the same in every table
* A parameter is the exact double that is printed (its shortest decimal that reads back to it).
* A rate that a program forms as one quotient of two doubles is that quotient rounded to a double: ke = cl/v of one
  compartment, ktr = (n+1)/mtt of a transit chain. One rounding of ke is up to 1.1e-16, which over kt = 20 half-lives
  would hide the error of the method under the error of its input.
* Two and three compartments have no such single quotient: there the exact quotients cl/v1, q/v1, q/v2 are meant.
* Conc is the amount in the central compartment divided by its volume; times are h, amounts µg, volumes L.
* Rows whose value is below 1e-280 are left out, except where a table says otherwise.
"""
import random
import sys
from itertools import groupby
from pathlib import Path

from mpmath import mp, mpf, matrix, expm, eye, lu_solve, exp, log, expm1, log1p, nstr, fac

HERE = Path(__file__).resolve().parent
mp.dps = 60
PRINTED = 25
TINY = mpf(10) ** -280
CHECK = "--check" in sys.argv
HOURS = [1e-6, 1e-3, 0.1, 0.5, 1.0, 2.5, 6.0, 12.0, 24.0, 36.0, 72.0, 168.0, 400.0, 1000.0]


def text(value):
    """25 digits of a high-precision number, or the shortest exact form of a double."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return repr(value)
    return nstr(value, PRINTED, strip_zeros=True, min_fixed=-4, max_fixed=12)


def write(name, comment, columns, rows, maker="make.py"):
    path = HERE / name
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for line in comment.strip().splitlines():
            out.write("# " + line.strip() + "\n")
        out.write(f"# Made by tests/reference/{maker}; own numbers, no third-party source.\n")
        out.write(columns + "\n")
        width = len(columns.split(","))
        for row in rows:
            assert len(row) == width, (name, row)
            out.write(",".join(text(cell) for cell in row) + "\n")
    print(f"{name}: {len(rows)} rows, {path.stat().st_size} bytes", flush=True)


# ---------------------------------------------------------------- one compartment in closed form


def ke_of(cl, v):
    """The double a program gets for cl/v."""
    return mpf(float(cl) / float(v))


def unit_oral(ka, ke, t):
    """Amount in the body a time t after one unit entered the depot."""
    ka, ke, t = mpf(ka), mpf(ke), mpf(t)
    if t <= 0:
        return mpf(0)
    if ka == ke:
        return ka * t * exp(-ka * t)
    with mp.workdps(mp.dps + 40):
        return ka * (exp(-ke * t) - exp(-ka * t)) / (ka - ke)


def daily_2401():
    v, ka, dose = 154.0, 0.4, 180.0
    cl = float(log(mpf(2)) * mpf(v) / 80)
    rounded, exact = ke_of(cl, v), mpf(cl) / mpf(v)
    rows = []
    for hour in range(2401):
        def conc(ke):
            taken = range(0, min(hour, 89 * 24) + 1, 24)
            return mpf(dose) / mpf(v) * sum(unit_oral(ka, ke, hour - t) for t in taken)
        rows.append([hour, conc(rounded), conc(exact)])
    write("daily_2401.csv", f"""
        One compartment, first-order oral: 180 µg at 0, 24, ..., 2136 h (90 doses), ka = 0.4 /h, v = 154.0 L, f = 1, no lag;
        half-life 80 h, so cl = {cl!r} L/h, the double nearest to ln(2)*154/80. conc_ke_rounded takes ke = cl/v rounded to
        a double, {float(rounded)!r} /h, the rate a program uses; conc_ke_exact takes the exact quotient of the two doubles.""",
          "time,conc_ke_rounded,conc_ke_exact", rows)


# ---------------------------------------------------------------- steady state of one oral dose every tau


def oral_cycle(ka, ke, tau, s):
    """Amount in the body at a time s in [0, tau] after the latest unit arrived, in the steady state."""
    if ka == ke:
        e = exp(-ka * tau)
        return ka * exp(-ka * s) * (s / (1 - e) + tau * e / (1 - e) ** 2)
    return ka / (ka - ke) * (exp(-ke * s) / -expm1(-ke * tau) - exp(-ka * s) / -expm1(-ka * tau))


def oral_peak(ka, ke, tau):
    """The time after arrival at which oral_cycle is highest."""
    if ka == ke:
        e = exp(-ka * tau)
        return 1 / ka - tau * e / (1 - e)
    return log(ka * expm1(-ke * tau) / (ke * expm1(-ka * tau))) / (ka - ke)


def steady_row(case, ka, cl, v, f, lag, dose, tau):
    with mp.workdps(140):
        ka_, ke, tau_, lag_ = mpf(ka), ke_of(cl, v), mpf(tau), mpf(lag)
        scale = mpf(dose) * mpf(f) / mpf(v)
        phase = lag_ % tau_
        s = oral_peak(ka_, ke, tau_)
        assert 0 < s < tau_
        cmax = scale * oral_cycle(ka_, ke, tau_, s)
        cmin = scale * oral_cycle(ka_, ke, tau_, tau_)  # as at 0, without cancellation where it is tiny
        ctrough = scale * oral_cycle(ka_, ke, tau_, tau_ - phase)
        auc = mpf(dose) * mpf(f) / mpf(cl)
        cavg = auc / tau_
        assert cmin < cavg < cmax
        values = [cmax, (s + phase) % tau_, cmin, ctrough, cavg, auc, (cmax - cmin) / cavg, (cmax - cmin) / cmin]
        values += [1 / -expm1(-ke * tau_)] + accumulation(ka_, ke, tau_, tau_ - lag_, scale, auc, cmax, ctrough)
        return [case, ka, float(ke), cl, v, f, lag, dose, tau] + values


def accumulation(ka, ke, tau, seen, scale, auc, cmax, ctrough):
    """The area, the peak and the trough over those of the first cycle, which sees the dose for the last `seen` hours."""
    if seen <= 0:
        return [mpf("inf")] * 3
    if ka == ke:
        area = (1 - exp(-ka * seen) * (1 + ka * seen)) / ka
        peak = 1 / ka
    else:
        area = ka / (ka - ke) * (expm1(-ka * seen) / ka - expm1(-ke * seen) / ke)
        peak = log(ka / ke) / (ka - ke)
    first = [scale * area, scale * unit_oral(ka, ke, min(peak, seen)), scale * unit_oral(ka, ke, seen)]
    return [steady / once for steady, once in zip([auc, cmax, ctrough], first)]


def steady_state():
    rows = []
    for dose in (45.0, 90.0, 180.0):
        rows.append(steady_row("mk7 nominal", 1.0, 1.27, 154.0, 1.0, 0.0, dose, 24.0))
    rows.append(steady_row("mk4 nominal q24h", 1.2, 21.5, 372.0, 1.0, 0.0, 1500.0, 24.0))
    rows.append(steady_row("mk4 nominal q8h", 1.2, 21.5, 372.0, 1.0, 0.0, 15000.0, 8.0))
    for f in (0.05, 0.37, 1.0):
        for ka in (0.1, 0.4, 1.0, 4.0):
            for tau in (6.0, 24.0, 168.0):
                rows.append(steady_row("broad", ka, 1.27, 154.0, f, 0.0, 90.0, tau))
    # v = 16 makes ke = cl/v exact, so that "ka == ke" is one double.
    ke, v = 0.05, 16.0
    for label, ka in [("ka == ke", ke), ("ka = ke(1+1e-14)", ke * (1 + 1e-14)), ("ka = ke(1+1e-12)", ke * (1 + 1e-12)),
                      ("ka = ke(1-1e-12)", ke * (1 - 1e-12)), ("ka = ke(1+1e-10)", ke * (1 + 1e-10)),
                      ("ka = ke(1+1e-8)", ke * (1 + 1e-8)), ("ka = ke(1-1e-8)", ke * (1 - 1e-8)),
                      ("ka = ke(1+1e-6)", ke * (1 + 1e-6)), ("ka = ke(1+1e-4)", ke * (1 + 1e-4)),
                      ("ka = ke(1-1e-4)", ke * (1 - 1e-4)), ("ka = ke(1+1e-2)", ke * (1 + 1e-2)),
                      ("ka = ke(1-1e-2)", ke * (1 - 1e-2)), ("flip-flop ka = ke/3", ke / 3),
                      ("flip-flop ka = ke/10", ke / 10), ("flip-flop ka = ke/1000", ke / 1000), ("ka = 1000 ke", ke * 1000)]:
        for tau in (1.0, 24.0):
            rows.append(steady_row(label, ka, ke * v, v, 1.0, 0.0, 100.0, tau))
    for ktau in (1e-6, 1e-4, 1e-2, 1.0, 30.0, 300.0, 600.0, 1e3):
        for ratio in (0.5, 1.0, 3.0, 1e3):
            ke = ktau / 24.0
            label = f"ke tau = {ktau:g} and ka = {ratio:g} ke"
            rows.append(steady_row(label, ke * ratio, ke * v, v, 1.0, 0.0, 100.0, 24.0))
    for lag in (0.0, 2.5, 24.0, 30.0, 23.999, 100.0):
        rows.append(steady_row("lag", 1.0, 1.27, 154.0, 1.0, lag, 90.0, 24.0))
        rows.append(steady_row("lag", 0.3, 21.5, 372.0, 0.8, lag, 1500.0, 24.0))
        rows.append(steady_row("lag and ka == ke", 0.05, 0.05 * 16.0, 16.0, 1.0, lag, 100.0, 24.0))
    write("steady_state.csv", """
        One compartment, first-order oral, one dose every tau for ever. ke is cl/v rounded to a double and the one used;
        auc_tau = f*dose/cl. tmax is the time after the dose was TAKEN, in [0, tau), of the highest level; the dose arrives lag later
        (perhaps some cycles later). cmin is the lowest level of the cycle (at the arrival), ctrough the left limit where
        the dose is taken; fluctuation = (cmax-cmin)/cavg, swing = (cmax-cmin)/cmin, and
        accumulation_index = 1/(1-exp(-ke tau)). The accumulation_ratio is auc_tau over the area of the first cycle, the first tau
        after the first dose was taken; _cmax and _ctrough compare the peaks and the last levels of these cycles. Infinite
        where a lag leaves the first cycle empty. Where ke tau is 1000 and absorption is fast, cmin is below the smallest double.""",
          "case,ka,ke,cl,v,f,lag,dose,tau,cmax,tmax,cmin,ctrough,cavg,auc_tau,fluctuation,swing,"
          "accumulation_index,accumulation_ratio,accumulation_ratio_cmax,accumulation_ratio_ctrough", rows)


# ---------------------------------------------------------------- any linear body, through the matrix exponential


def exponential(a, t, digits=220):
    """e^(a t) with digits to spare; with --check worked twice."""
    def worked(d):
        with mp.workdps(d):
            return expm(a * mpf(t), method="taylor")
    e = worked(digits)
    if CHECK:
        finer = worked(digits + 100)
        with mp.workdps(digits):
            for x, y in zip(e, finer):
                assert abs(x - y) <= abs(y) * mpf(10) ** -40 + mpf(10) ** -340, (t, x, y)
    return e


class Body:
    """Stages in a row (rates), then the central compartment with its peripherals, then two running integrals.

    States: stages..., central, peripherals..., area (integral of central), integral of area, one constant input.
    """

    def __init__(self, stages, cl, v1, peripherals=(), rate_into=None):
        n, m = len(stages), 1 + len(peripherals)
        self.central, self.area, self.input = n, n + m, n + m + 2
        size = n + m + 3
        with mp.workdps(300):
            a = matrix(size, size)
            for i, rate in enumerate(stages):
                a[i, i] -= mpf(rate)
                a[i + 1, i] += mpf(rate)
            c = self.central
            a[c, c] -= mpf(cl) / mpf(v1) if peripherals else ke_of(cl, v1)
            for j, (q, v) in enumerate(peripherals, start=1):
                out, back = mpf(q) / mpf(v1), mpf(q) / mpf(v)
                a[c, c] -= out
                a[c + j, c] += out
                a[c + j, c + j] -= back
                a[c, c + j] += back
            a[self.area, c] = 1
            a[self.area + 1, self.area] = 1
            self.free = a.copy()
            self.a = a
            if rate_into is not None:
                self.a[rate_into, self.input] = 1
        self.v1 = mpf(v1)
        self.size = size

    def start(self, **at):
        x = matrix(self.size, 1)
        for name, value in at.items():
            x[getattr(self, name) if name != "first" else 0] = mpf(value)
        return x

    def with_rate(self, x, rate):
        y = x.copy()
        y[self.input] = rate
        return y

    def conc(self, x):
        return x[self.central] / self.v1


def infused(body, rate, duration, t):
    """The state a time t after a constant input began, for one input of the given duration into an empty body."""
    x = body.with_rate(matrix(body.size, 1), rate)
    first = min(mpf(t), mpf(duration))
    x = exponential(body.a, first) * x
    if mpf(t) > first:
        x = exponential(body.a, mpf(t) - first) * body.with_rate(x, mpf(0))
    return x


def infused_for_ever(body, rate, duration, tau, t):
    """The state at a time t in [0, tau] of a cycle, with the input begun anew every tau, long after the first.

    An input longer than tau overlaps itself: m+1 run together for the first part of a cycle, m for the rest.
    """
    m = int(mp.floor(mpf(duration) / mpf(tau)))
    part = mpf(duration) - m * mpf(tau)
    core = [i for i in range(body.size) if i < body.area]  # without the integrals, which grow for ever

    def run(x, length):
        if length <= part:
            return exponential(body.a, length) * body.with_rate(x, rate * (m + 1))
        x = exponential(body.a, part) * body.with_rate(x, rate * (m + 1))
        return exponential(body.a, length - part) * body.with_rate(x, rate * m)

    once = run(matrix(body.size, 1), mpf(tau))
    e = exponential(body.free, mpf(tau))
    k = len(core)
    lhs = matrix(k, k)
    rhs = matrix(k, 1)
    for i in core:
        rhs[i] = once[i]
        for j in core:
            lhs[i, j] = (1 if i == j else 0) - e[i, j]
    fixed = lu_solve(lhs, rhs)
    x = matrix(body.size, 1)
    for i in core:
        x[i] = fixed[i]
    return run(x, mpf(t))


def infusions():
    rows = []
    bodies = [
        (1, 1.27, 154.0, "", ""), (1, 21.5, 372.0, "", ""), (1, 1.6e-11, 16.0, "", ""), (1, 480.0, 16.0, "", ""),
        (2, 5.0, 20.0, 8.0, 70.0), (2, 1.2, 22.0, 13.0, 90.0), (2, 0.5, 30.0, 0.001, 400.0),
    ]
    inputs = [("iv", "", 0.0, 1.0), ("zero", "", 0.0, 1.0), ("zero", "", 1.25, 0.6), ("depot", 1.2, 0.0, 1.0), ("depot", 0.05, 0.5, 0.7)]
    singles = {0.5: [1e-6, 0.1, 0.5, 0.75, 6.0, 24.0, 200.0], 10.0: [1e-3, 1.0, 10.0, 10.5, 36.0, 1000.0]}
    cycles = [(2.0, 24.0), (24.0, 24.0), (36.0, 24.0), (100.0, 24.0), (7.5, 6.0)]
    for number, (ncmt, cl, v1, q, v2) in enumerate(bodies):
        peripherals = [(q, v2)] if ncmt == 2 else []
        for kind, ka, lag, f in inputs:
            if kind == "depot" and cl == 1.6e-11:
                continue
            amount = 100.0
            body = Body([ka] if kind == "depot" else [], cl, v1, peripherals, rate_into=0)

            def row(duration, tau, t, x):
                return [kind, ncmt, cl, v1, q, v2, ka, lag, f, amount, duration, tau, t, body.conc(x)]

            for duration, times in singles.items():
                with mp.workdps(220):
                    rate = mpf(amount) * mpf(f) / mpf(duration)
                    for t in times:
                        if mpf(t) > mpf(lag):
                            rows.append(row(duration, "", t, infused(body, rate, duration, mpf(t) - mpf(lag))))
            for duration, tau in cycles[number % 2::2] + cycles[2:3]:
                with mp.workdps(220):
                    rate = mpf(amount) * mpf(f) / mpf(duration)
                    for fraction in (0.0, 0.125, 0.5, 0.75, 1.0):
                        t = fraction * tau
                        x = infused_for_ever(body, rate, duration, tau, (mpf(t) - mpf(lag)) % mpf(tau))
                        rows.append(row(duration, tau, t, x))
    seen = set()
    rows = [r for r in rows if r[-1] > TINY and not (repr(r) in seen or seen.add(repr(r)))]
    write("infusions.csv", """
        Constant input of an amount over a duration into an empty body (tau empty), or begun anew every tau for ever (tau given;
        time is after the beginning of a cycle, and a duration longer than tau overlaps itself).
        kind: iv = into the central compartment; zero = zero-order absorption into the central compartment, after lag, of f*amount;
        depot = a dose taken over the duration into a first-order depot (ka), after lag, of f*amount.
        One compartment uses ke = cl/v1 rounded to a double, two compartments the exact quotients.""",
          "kind,ncmt,cl,v1,q,v2,ka,lag,f,amount,duration,tau,time,conc", rows)


def transit():
    rows = []
    chains = [(1, 2.0), (1, 3.0), (3, 2.0), (3, 7.0), (8, 4.5), (8, 5.0), (20, 5.25), (20, 11.0)]
    cl, v = 1.27, 154.0
    ke = float(ke_of(cl, v))
    for n, mtt in chains:
        ktr = float(n + 1) / mtt
        for label, ka in [("ka == ktr", ktr), ("ka < ktr", 0.4), ("ka > ktr", 6.0), ("ka near ktr", ktr * (1 + 1e-9)),
                          ("ka near ke", ke * (1 + 1e-7)), ("ka == ke", ke)]:
            if mtt in (3.0, 7.0, 5.0, 11.0) and label in ("ka near ktr", "ka > ktr", "ka near ke"):
                continue
            rows += transit_rows(label, n, mtt, ktr, ka, cl, v)
    # Elimination as fast as transit: everything nearly equal.
    for n, mtt in [(3, 2.0), (8, 4.5)]:
        ktr = float(n + 1) / mtt
        rows += transit_rows("all equal", n, mtt, ktr, ktr, ktr * 16.0, 16.0)
        rows += transit_rows("all nearly equal", n, mtt, ktr, ktr * (1 + 1e-10), ktr * (1 - 1e-9) * 16.0, 16.0)
        rows += transit_rows("ke near ktr", n, mtt, ktr, 0.4, ktr * (1 + 1e-8) * 16.0, 16.0)
    write("transit.csv", """
        Transit chain (Savic et al. 2007) into one compartment: 100 µg at time 0, f = 1. n transit compartments besides the one the
        dose enters, that is n+1 stages in a row, each left at ktr = (n+1)/mtt (rounded to a double, printed), so that the mean time
        to the depot is mtt; then a depot left at ka; then the body, ke = cl/v rounded to a double.
        The input into the depot is dose*ktr*(ktr t)^n exp(-ktr t)/n!.""",
          "case,n,mtt,ktr,ka,cl,v,time,conc", rows)


def transit_rows(label, n, mtt, ktr, ka, cl, v):
    body = Body([ktr] * (n + 1) + [ka], cl, v)
    rows = []
    with mp.workdps(320):
        for t in HOURS:
            conc = body.conc(exponential(body.a, t, 320) * body.start(first=100.0))
            if conc > TINY:
                rows.append([label, n, mtt, ktr, ka, cl, v, t, conc])
    # The first rise has a known leading term, an independent check of the chain's length.
    leading = mpf(ktr) ** (n + 1) * mpf(ka) * mpf(HOURS[0]) ** (n + 2) / fac(n + 2) * 100 / mpf(v)
    assert abs(rows[0][-1] / leading - 1) < mpf(10) ** -4, (label, n)
    return rows


def three_compartment():
    rows = []
    bodies = [
        ("generic", 5.0, 50.0, 3.0, 80.0, 1.0, 120.0),
        ("pkpdsim", 10.0, 50.0, 5.0, 100.0, 3.0, 150.0),
        ("q2/v2 == q3/v3", 5.0, 50.0, 4.0, 80.0, 6.0, 120.0),
        ("q2/v2 and q3/v3 differ by 1e-10", 5.0, 50.0, 4.0, 80.0, 6.0 * (1 + 1e-10), 120.0),
        ("q2/v2 and q3/v3 differ by 1e-5", 5.0, 50.0, 4.0, 80.0, 6.0 * (1 + 1e-5), 120.0),
        ("equal peripherals", 5.0, 50.0, 4.0, 80.0, 4.0, 80.0),
        ("stiff", 100.0, 1.0, 50.0, 1e3, 0.01, 100.0),
        ("very stiff", 1000.0, 1.0, 0.5, 10.0, 0.01, 10.0),
        ("slow deep compartment", 1.2, 22.0, 13.0, 90.0, 0.002, 2000.0),
        ("hardly any third", 5.0, 50.0, 3.0, 80.0, 1e-9, 120.0),
        ("hardly any elimination", 1e-9, 50.0, 3.0, 80.0, 1.0, 120.0),
    ]
    for case, cl, v1, q2, v2, q3, v3 in bodies:
        for ka in ("", 1.0, 0.02):
            body = Body([] if ka == "" else [ka], cl, v1, [(q2, v2), (q3, v3)])
            with mp.workdps(220):
                for t in HOURS:
                    conc = body.conc(exponential(body.a, t) * body.start(first=100.0))
                    if conc > TINY:
                        rows.append([case, ka, cl, v1, q2, v2, q3, v3, t, conc])
    write("three_compartment.csv", """
        Three compartments, 100 µg at time 0, f = 1, no lag: into the depot (ka given) or straight into the central compartment (ka
        empty). The parameters are the exact doubles, the rates their exact quotients.""",
          "case,ka,cl,v1,q2,v2,q3,v3,time,conc", rows)


def peripheral():
    """100 µg into each compartment in turn, and what is then in all of them."""
    bodies = [
        ("two", 0.5, 3.0, [(0.5, 50.0)]),
        ("two: back as fast as out", 4.0, 12.0, [(3.0, 9.0)]),
        ("two: nearly all in the second", 1.2, 22.0, [(13.0, 2000.0)]),
        ("three", 4.0, 12.0, [(3.0, 9.0), (0.8, 25.0)]),
        ("q2/v2 == q3/v3", 5.0, 50.0, [(4.0, 80.0), (6.0, 120.0)]),
        ("q2/v2 and q3/v3 differ by 1e-10", 5.0, 50.0, [(4.0, 80.0), (6.0 * (1 + 1e-10), 120.0)]),
        ("equal peripherals", 5.0, 50.0, [(4.0, 80.0), (4.0, 80.0)]),
        ("stiff", 100.0, 1.0, [(50.0, 1e3), (0.01, 100.0)]),
        ("slow deep compartment", 1.2, 22.0, [(13.0, 90.0), (0.002, 2000.0)]),
        ("hardly any third", 5.0, 50.0, [(3.0, 80.0), (1e-9, 120.0)]),
        ("a third of next to no volume", 5.0, 50.0, [(3.0, 80.0), (1e-21, 1e-20)]),
    ]
    tiny = [(0.01, 0.1), (1e-4, 1e-3), (1e-6, 1e-5), (1e-12, 1e-11), (1e-20, 1e-19), (1e-30, 1e-29), (1e-100, 1e-99)]
    bodies += [(f"v2 {v2!r}: q/v2 as cl/v1", 2.0, 20.0, [(q, v2)]) for q, v2 in tiny]
    rows = []
    for case, cl, v1, peripherals in bodies:
        body = Body([], cl, v1, peripherals)
        numbers = [number for pair in (peripherals + [("", "")])[:2] for number in pair]
        with mp.workdps(220):
            for into in range(1 + len(peripherals)):
                start = matrix(body.size, 1)
                start[into] = mpf(100)
                for t in HOURS:
                    x = exponential(body.a, t) * start
                    amounts = [x[i] if i <= len(peripherals) else "" for i in range(3)]
                    if min(amount for amount in amounts if amount != "") > TINY:
                        rows.append([case, cl, v1, *numbers, into + 1, t, *amounts])
    write("peripheral.csv", """
        Two and three compartments, 100 µg at time 0 into compartment `into` (1 is the plasma), and the amounts in all of them. The
        parameters are the exact doubles, the rates their exact quotients.""",
          "case,cl,v1,q2,v2,q3,v3,into,time,first,second,third", rows)


def auc():
    rows = []
    bodies = [
        (1, 1.27, 154.0, "", "", 1.0, 0.0, 1.0), (1, 1.27, 154.0, "", "", 0.4, 2.5, 0.6), (1, 21.5, 372.0, "", "", 1.2, 0.0, 1.0),
        (1, 0.8, 16.0, "", "", 0.05, 0.0, 1.0), (1, 0.8, 16.0, "", "", 0.05 * (1 + 1e-10), 0.0, 1.0), (1, 1.6e-8, 16.0, "", "", 1.0, 0.0, 1.0),
        (2, 5.0, 20.0, 8.0, 70.0, 1.2, 0.0, 1.0), (2, 1.2, 22.0, 13.0, 90.0, 0.35, 1.25, 0.7), (2, 5.0, 20.0, 8.0, 70.0, 0.7248697669323827, 0.0, 1.0),
    ]
    courses = [(1, ""), (7, 24.0), (90, 24.0)]
    for ncmt, cl, v1, q, v2, ka, lag, f in bodies:
        body = Body([ka], cl, v1, [(q, v2)] if ncmt == 2 else [])
        cache = {}

        def unit(u):
            """Area and first moment from a unit dose's arrival to a time u after it."""
            if u <= 0:
                return mpf(0), mpf(0)
            if u not in cache:
                x = exponential(body.a, u) * body.start(first=1)
                area = x[body.area]
                cache[u] = area / body.v1, (u * area - x[body.area + 1]) / body.v1
            return cache[u]

        with mp.workdps(220):
            for count, tau in courses:
                for t in ([0.001, 0.5, 4.0, 24.0, 100.0, 1000.0] if count == 1 else [24.0, 30.0, 168.0, 1000.0] if count == 7 else [2400.0]):
                    total = moment = mpf(0)
                    for i in range(count):
                        begun = mpf(i) * (mpf(tau) if tau else 0) + mpf(lag)
                        area, first = unit(mpf(t) - begun)
                        total += area
                        moment += first + begun * area
                    if total > 0:
                        scale = 90 * mpf(f)
                        rows.append([ncmt, cl, v1, q, v2, ka, lag, f, 90.0, count, tau, t, scale * total, scale * moment])
    write("auc.csv", """
        Area under the concentration (auc) and under time * concentration (aumc) from 0 to t: an oral dose of 90 µg at 0, tau, ...,
        (count-1) tau into a first-order depot. One compartment uses ke = cl/v1 rounded to a double, two compartments the exact quotients.""",
          "ncmt,cl,v1,q,v2,ka,lag,f,dose,count,tau,t,auc,aumc", rows)


# ---------------------------------------------------------------- elementary functions


def exp_table():
    draw = random.Random(20240229)
    xs = [-(10 ** (-18 + i * (18 + 2.872) / 249)) for i in range(250)]
    xs += [-draw.uniform(0, 745) for _ in range(120)] + [-draw.uniform(0, 40) for _ in range(80)]
    xs += [0.0, -5e-324, -2.2250738585072014e-308, -1e-300, -1e-17, -708.0, -708.3964185322641, -709.0, -744.0, -745.0, -745.1]
    log2 = float(log(mpf(2)))
    xs += [-log2 * k / 2 for k in range(1, 40)]
    xs = sorted(set(xs), reverse=True)[:520]
    rows = []
    with mp.workdps(400):
        for x in xs:
            m = mpf(x)
            ratio = mpf(1) if m == 0 else expm1(m) / m
            rows.append(["exp", x, exp(m), ratio])
    ys = [-1 + 10.0 ** -k for k in range(1, 16)] + [-draw.random() for _ in range(40)] + [-(10.0 ** -k) for k in range(1, 19)]
    ys += [10.0 ** (-18 + 24 * i / 119) for i in range(120)] + [draw.uniform(0, 10) for _ in range(30)] + [0.0, 1.0, 1e6]
    for y in sorted(set(ys)):
        with mp.workdps(120):
            rows.append(["ln1p", y, log1p(mpf(y)), ""])
    write("exp.csv", """
        function = exp: value = e^x and ratio = (e^x - 1)/x (1 at x = 0); function = ln1p: value = ln(1 + x), ratio empty.
        Below about x = -708.4 the value is smaller than the smallest normal double, below -745.13 than any double.""",
          "function,x,value,ratio", rows)


# ---------------------------------------------------------------- flows through a row of compartments


def last_of_row(rates, t):
    """What a unit in the first of a row of compartments, each emptied at its rate into the next at rate 1, amounts to in
    the last: the corner of e^(a t), with a the bidiagonal matrix of the negative rates beside ones (Opitz)."""
    n, digits = len(rates), 150 + 6 * len(rates)
    with mp.workdps(digits):
        x = max(rates) * mpf(t)
        halvings = max(0, int(mp.ceil(mp.log(x, 2))) + 8) if x > 0 else 0
        h = mpf(t) / 2**halvings
        upper = [[mpf(0)] * n for _ in range(n)]
        term = [[mpf(int(i == j)) for j in range(n)] for i in range(n)]
        for q in range(1, 10 * digits):
            for i in range(n):
                for j in range(i, n):
                    upper[i][j] += term[i][j]
            term = [[(term[i][j - 1] - rates[j] * term[i][j] if j > i else -rates[j] * term[i][j]) * h / q if j >= i else mpf(0)
                     for j in range(n)] for i in range(n)]
            if q > n and max(abs(x) for row in term for x in row) < mpf(10) ** -digits:
                break
        for _ in range(halvings):
            upper = [[sum((upper[i][k] * upper[k][j] for k in range(i, j + 1)), mpf(0)) for j in range(n)] for i in range(n)]
        return upper[0][n - 1]


def partial_fractions(rates, t):
    """The same where no two rates are equal."""
    with mp.workdps(100 + 40 * len(rates)):
        total = mpf(0)
        for i, rate in enumerate(rates):
            others = mpf(1)
            for j, other in enumerate(rates):
                if j != i:
                    others *= mpf(other) - mpf(rate)
            total += exp(-mpf(rate) * mpf(t)) / others
        return total


def rows_of_rates():
    """(case, rates) of 3, 4, 6, 10 and 52 or more rates."""
    draw = random.Random(20261201)
    cases = []
    for n in (3, 4, 6, 10):
        cases.append(("equal", [0.4] * n))
        for digits in (1, 3, 6, 9, 12, 15):
            cases.append((f"apart by 1e-{digits}", [0.4 * (1 + draw.random() * 10.0**-digits) for _ in range(n)]))
        cases.append(("moderately apart", [draw.uniform(0.01, 3.0) for _ in range(n)]))
        cases.append(("far apart", [10 ** draw.uniform(-6, 6) for _ in range(n)]))
        cases.append(("a rate of nothing", [0.0] + [10 ** draw.uniform(-2, 1) for _ in range(n - 1)]))
        cases.append(("in and on", [0.0] + [2.0] * (n - 3) + [0.4, 0.0]))
        cases.append(("twice over", [10 ** draw.uniform(-2, 1) for _ in range(n - n // 2)] * 2))
        cases[-1] = (cases[-1][0], cases[-1][1][:n])
    for m in (1, 2, 4, 8, 51):
        cases.append(("chain", [3.3] * m + [1.0, 0.008]))
        cases.append(("chain with fast ka", [1.0] * m + [40.0, 0.008]))
        cases.append(("chain with near ka", [1.0] * m + [1.0 + 1e-7, 0.2]))
        cases.append(("chain with flip-flop", [1.5] * m + [0.05, 1.2]))
        cases.append(("chain with fast ke", [0.7] * m + [0.9, 5.0]))
        cases.append(("chain and area", [2.0] * m + [1.1, 0.008, 0.008, 0.0]))
    cases.append(("many apart", [0.05 * (i + 1) for i in range(52)]))
    cases.append(("many near", [0.4 * (1 + 1e-3 * draw.random()) for _ in range(52)]))
    return cases


def flow():
    hours = [1e-9, 1e-4, 0.1, 0.5, 1.0, 2.0, 3.5, 6.0, 11.0, 24.0, 60.0, 168.0, 700.0, 1e4]
    rows = []
    for case, rates in rows_of_rates():
        for t in hours if len(rates) < 12 else [0.5, 3.5, 24.0, 168.0]:
            value = last_of_row(rates, t)
            if len(set(rates)) == len(rates):
                other = partial_fractions(rates, t)
                assert abs(value - other) <= abs(other) * mpf(10) ** -40, (case, rates, t, value, other)
            if value > TINY:
                runs = [f"{rate!r}*{len(list(run))}" for rate, run in groupby(rates)]
                rows.append([case, " ".join(run.removesuffix("*1") for run in runs), t, value])
    write("flow.csv", """
        What a unit in the first of a row of compartments amounts to in the last after a time, if every rate of transfer were 1 and
        each compartment emptied at its own rate; a*3 stands for a a a. Worked as the corner of a matrix exponential, and again by
        partial fractions where no two rates are equal: both agree to 40 digits.""",
          "case,rates,time,value", rows)


def population_people():
    """Twelve people about a typical one; the eleventh has slower absorption than elimination, the twelfth ka = ke."""
    draw = random.Random(20261122)
    people = [(1.27 * draw.lognormvariate(0, 0.35), 154.0 * draw.lognormvariate(0, 0.35), 0.4 * draw.lognormvariate(0, 0.5))
              for _ in range(10)]
    return [*people, (20.0, 60.0, 0.1), (10.0, 40.0, 0.25)]


def population():
    """Many people under one course: samples, and what they reach on its last day."""
    dose, tau, count, level = mpf(180), mpf(24), 28, mpf(4)
    samples, windows = [], []
    for person, (cl, v, ka) in enumerate(population_people()):
        rate, ke = mpf(ka), ke_of(cl, v)

        def conc(t):
            return sum(unit_oral(rate, ke, t - i * tau) for i in range(count) if t > i * tau) * dose / mpf(v)

        def slope(t):
            step = mpf(10) ** -20
            return conc(t + step) - conc(t - step)

        for t in sorted({*range(0, 673, 9), *range(648, 673)}):
            samples.append([person, cl, v, ka, t, conc(mpf(t))])
        # A day begins with a rise that ends at the only peak, so a bisection finds it.
        low, high = 648 + mpf(10) ** -10, mpf(672)
        for _ in range(170):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > 0 else (low, middle)
        tmax, crossings = low, []
        for a, b in ((mpf(648), tmax), (tmax, mpf(672))):
            up, down = conc(a) >= level, conc(b) >= level
            if up != down:
                for _ in range(170):
                    middle = (a + b) / 2
                    a, b = (middle, b) if (conc(middle) >= level) == up else (a, middle)
                crossings.append(a)
        ends = [mpf(648)] * (conc(mpf(648)) >= level) + crossings + [mpf(672)] * (conc(mpf(672)) >= level)
        above = sum(ends[1::2]) - sum(ends[::2])
        # What has left the body is cl times the area.
        inside = lambda t: sum(exp(-rate * (t - i * tau)) + unit_oral(rate, ke, t - i * tau) for i in range(count) if t > i * tau)
        auc = dose / (mpf(v) * ke) * (1 + inside(mpf(648)) - inside(mpf(672)))
        windows.append([person, cl, v, ka, conc(tmax), tmax, min(conc(mpf(648)), conc(mpf(672))), conc(mpf(672)), auc, above])
    course = "28 daily oral doses of 180 µg from 0 on, one compartment, first order, f = 1, no lag; ke = cl/v rounded to a double."
    write("population.csv", course, "person,cl,v,ka,time,conc", samples)
    write("population_window.csv", course + """
        From just after the dose at 648 h to 672 h: peak and its time, lowest and last concentration, area, and hours at or above 4 µg/L.""",
          "person,cl,v,ka,cmax,tmax,cmin,ctrough,auc,time_above", windows)


# ---------------------------------------------------------------- non-compartmental analysis


def log_segments():
    """Pairs of samples with known logarithms of their ratio, at times drawn once."""
    draw = random.Random(5)
    sizes = [0.0, 1e-15, 3e-15, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.9, 1.0, 1.3, 1.37, 1.39, 2.0, 3.0,
             10.0, 50.0, 300.0]
    rows = []
    for u in [sign * size for size in sizes for sign in (1, -1)]:
        for c2 in (1.0, 0.37, 1234.5, 7.7e-9):
            t1, h = draw.choice([0.0, 0.25, 1.5, 24.0, 168.0]), draw.choice([0.25, 1.0, 7.3, 12.0])
            c1, t2 = float(c2 * exp(mpf(u))), t1 + h
            with mp.workdps(80):
                a, b, start, length = mpf(c1), mpf(c2), mpf(t1), mpf(t2) - mpf(t1)
                k = log(a / b)
                mean, moment = (a, a / 2) if a == b else ((a - b) / k, ((a - b) / k - b) / k)
                area = length * mean
                rows.append([t1, c1, t2, c2, area, start * area + length**2 * moment])
    write("nca/log_segments.csv", """
        The areas under C and t C between two samples on an exponential, worked with 80 digits from the doubles printed here:
        area = h (c1 - c2)/u, moment = t1 area + h^2 ((c1 - c2)/u - c2)/u, u = ln(c1/c2), h = t2 - t1.""",
          "t1,c1,t2,c2,area,moment", rows)


TABLES = {f.__name__: f for f in (daily_2401, steady_state, exp_table, infusions, transit, three_compartment, peripheral, auc,
                                  population, log_segments, flow)}

if __name__ == "__main__":
    for name in [a for a in sys.argv[1:] if not a.startswith("--")] or TABLES:
        TABLES[name]()
