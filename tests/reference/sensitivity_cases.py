"""The cases of make_sensitivity.py."""
from sensitivity_model import Case

ONE = "one cl=1.27 v=154.0"
TWO = "two cl=1.2 v1=22.0 q=13.0 v2=90.0"
THREE = "three cl=5.0 v1=50.0 q2=3.0 v2=80.0 q3=1.0 v3=120.0"
FIRST = "first_order ka=1.2 tlag=0.5 f=0.8"
ZERO = "zero_order duration=4.0 tlag=0.25 f=0.9"
TRANSIT = "transit n=3 mtt=2.0 ka=0.7 tlag=0.25 f=0.7"
BOLUS = "bolus tlag=0.5 f=0.8"
PLAIN = "first_order ka={} tlag=0.0 f=1.0"
DAILY = "oral 100 every 24 ss"


def every_absorption():
    """With every disposition."""
    cases = []
    for kind, absorption, times in [("bolus", BOLUS, [0.75, 6.0, 72.0]), ("first order", FIRST, [0.75, 6.0, 72.0]),
                                    ("zero order", ZERO, [1.0, 6.0, 72.0]), ("transit", TRANSIT, [0.75, 3.0, 72.0])]:
        for number, disposition in zip(("one", "two", "three"), (ONE, TWO, THREE)):
            cases.append(Case(f"{kind}; {number}", absorption, disposition, "oral 100 at 0", times))
    return cases


def routes():
    mixed = "oral 100 at 0 ; iv 50 at 12 ; iv 50 at 13 over 2"
    beside = "first_order ka=0.35 tlag=0.0 f=0.6 + zero_order duration=4.0 tlag=2.0 f=0.3"
    late = "first_order ka=0.9 tlag=0.5 f=0.5 + transit n=2 mtt=3.0 ka=0.4 tlag=1.0 f=0.4"
    return [
        Case("iv bolus; one", "bolus", ONE, "iv 50 at 0", [0.5, 24.0, 200.0]),
        Case("iv bolus; two", "bolus", TWO, "iv 50 at 0", [0.5, 24.0, 200.0]),
        Case("iv bolus; three", "bolus", THREE, "iv 50 at 0", [0.5, 24.0, 200.0]),
        Case("infusion; one", "bolus", ONE, "iv 50 at 3 over 2", [3.5, 4.75, 6.0, 48.0]),
        Case("infusion; two", "bolus", TWO, "iv 50 at 3 over 2", [3.5, 4.75, 6.0, 48.0]),
        Case("infusion; three", "bolus", THREE, "iv 50 at 3 over 2", [3.5, 4.75, 6.0, 48.0]),
        Case("over a time into a depot; one", FIRST, ONE, "oral 60 at 0 over 1.5", [1.0, 3.0, 24.0]),
        Case("over a time into a depot; two", FIRST, TWO, "oral 60 at 0 over 1.5", [1.0, 3.0, 24.0]),
        Case("over a time into a chain; two", TRANSIT, TWO, "oral 60 at 0 over 1.5", [1.0, 3.0, 24.0], second=False),
        Case("oral and iv; one", FIRST, ONE, mixed, [6.0, 12.5, 14.0, 36.0]),
        Case("oral and iv; three", FIRST, THREE, mixed, [6.0, 12.5, 14.0, 36.0], second=False),
        Case("two paths; one", beside, ONE, "oral 100 at 0", [1.0, 3.0, 12.0]),
        Case("two paths; two", beside, TWO, "oral 100 at 0 ; oral 50 at 24", [3.0, 28.0, 96.0], second=False),
        Case("two paths alike; one", "first_order ka=0.5 tlag=0.0 f=0.5 + first_order ka=0.5 tlag=3.0 f=0.5", ONE,
             "oral 100 at 0", [2.0, 6.0, 48.0], second=False),
        Case("depot and chain; three", late, THREE, "oral 100 at 0", [0.75, 4.0, 24.0], second=False),
        Case("five doses; one", FIRST, ONE, "oral 100 at 0 every 24 times 5", [12.0, 97.5, 200.0]),
        Case("five doses; two", FIRST, TWO, "oral 100 at 0 every 24 times 5", [12.0, 97.5, 200.0]),
        Case("five doses; three", FIRST, THREE, "oral 100 at 0 every 24 times 5", [12.0, 97.5, 200.0], second=False),
        Case("lag beyond the interval; one", "first_order ka=1.2 tlag=30.0 f=0.8", ONE, "oral 100 at 0 every 24 times 3",
             [36.0, 60.0, 100.0]),
        Case("zero order over the next dose; two", "zero_order duration=30.0 tlag=0.25 f=0.9", TWO, "oral 100 at 0 every 24 times 3",
             [12.0, 28.0, 100.0]),
        Case("a dose of a chain after another; one", TRANSIT, ONE, "oral 100 at 0 every 12 times 4", [13.0, 40.0], second=False),
        Case("baseline; one", FIRST, ONE + " baseline=0.3", "oral 90 at 0", [0.25, 6.0, 48.0]),
        Case("baseline; two", FIRST, TWO + " baseline=0.3", "oral 90 at 0", [6.0, 48.0], second=False),
    ]


def steady_states():
    within, inside = [2.0, 9.0, 23.0], [0.0, 1.0, 9.0, 24.0]
    cases = []
    for number, disposition, second in [("one", ONE, True), ("two", TWO, True), ("three", THREE, False)]:
        cases += [
            Case(f"steady state; {number}", FIRST, disposition, DAILY, within, second),
            Case(f"steady state: lag beyond tau; {number}", "first_order ka=1.2 tlag=30.0 f=0.8", disposition, DAILY, within, number == "one"),
            Case(f"steady state: iv bolus; {number}", "bolus", disposition, "iv 50 every 24 ss", within, second),
            Case(f"steady state: infusion; {number}", "bolus", disposition, "iv 50 every 24 over 2 ss", inside, second),
            Case(f"steady state: infusion longer than tau; {number}", "bolus", disposition, "iv 50 every 24 over 36 ss", inside, second),
        ]
    return cases + [
        Case("steady state: over a time into a depot; one", FIRST, ONE, "oral 60 every 12 over 4 ss", [2.0, 8.0], second=False),
        Case("steady state: zero order; two", ZERO, TWO, DAILY, within),
        Case("steady state: zero order longer than tau; one", "zero_order duration=30.0 tlag=1.0 f=0.9", ONE, DAILY, [2.0, 10.0]),
        Case("steady state: chain; one", TRANSIT, ONE, DAILY, within),
        Case("steady state: two paths; one", "first_order ka=0.35 tlag=0.0 f=0.6 + zero_order duration=4.0 tlag=2.0 f=0.3", ONE, DAILY,
             [1.0, 9.0], second=False),
        Case("steady state: baseline; one", FIRST, ONE + " baseline=0.3", "oral 90 every 24 ss", [9.0], second=False),
        Case("steady state: ka = cl/v; one", PLAIN.format(0.25), "one cl=4.0 v=16.0", DAILY, within),
        Case("steady state: ka = cl/v to 1e-9; one", PLAIN.format(0.25 * (1 + 1e-9)), "one cl=4.0 v=16.0", DAILY, within, second=False),
    ]


def equal_rates():
    """v is a power of two, so that cl/v is the same double as ka."""
    body, times = "one cl=4.0 v=16.0", [0.5, 3.0, 40.0]
    cases = [Case("ka = cl/v; one", PLAIN.format(0.25), body, "oral 100 at 0", times)]
    for digits, second in [(12, True), (9, False), (6, True), (3, False)]:
        ka = PLAIN.format(0.25 * (1 + 10.0**-digits))
        cases.append(Case(f"ka = cl/v to 1e-{digits}; one", ka, body, "oral 100 at 0", times, second))
    # Here the disposition's exponentials have the rates 1 and 1/8.
    rational = "two cl=8.0 v1=16.0 q=6.0 v2=24.0"
    chain = "transit n=3 mtt=4.0 ka={} tlag=0.0 f=1.0"
    return cases + [
        Case("ka = the fast rate; two", PLAIN.format(1.0), rational, "oral 100 at 0", times),
        Case("ka = the slow rate; two", PLAIN.format(0.125), rational, "oral 100 at 0", times),
        Case("ka = the slow rate to 1e-8; two", PLAIN.format(0.125 * (1 + 1e-8)), rational, "oral 100 at 0", times, second=False),
        Case("ka = v2's rate; two", PLAIN.format(0.25), rational, "oral 100 at 0", times, second=False),
        Case("chain: all rates equal; one", chain.format(1.0), "one cl=16.0 v=16.0", "oral 100 at 0", times),
        Case("chain: all rates equal to 1e-7; one", chain.format(1 + 1e-7), "one cl=15.999998 v=16.0", "oral 100 at 0", times, second=False),
        Case("a long chain; one", "transit n=20 mtt=5.25 ka=4.0 tlag=0.0 f=1.0", ONE, "oral 100 at 0", [1.0, 6.0, 48.0], second=False),
    ]


def far_apart():
    times, twins = [0.5, 6.0, 72.0], "three cl=5.0 v1=50.0 q2=4.0 v2=80.0 q3={} v3=120.0"
    cases = [Case("twins: q2/v2 = q3/v3", PLAIN.format(1.0), twins.format(6.0), "oral 100 at 0", times),
             Case("twins: equal peripherals; iv", "bolus", "three cl=5.0 v1=50.0 q2=4.0 v2=80.0 q3=4.0 v3=80.0", "iv 100 at 0", times)]
    for digits, second in [(1, False), (4, False), (8, True), (12, False)]:
        body = twins.format(6.0 * (1 + 10.0**-digits))
        cases.append(Case(f"twins to 1e-{digits}", PLAIN.format(1.0), body, "oral 100 at 0", times, second))
    return cases + [
        Case("flip-flop; one", PLAIN.format(0.01), "one cl=8.0 v=16.0", "oral 100 at 0", [1.0, 24.0, 400.0]),
        Case("flip-flop; two", PLAIN.format(0.01), TWO, "oral 100 at 0", [1.0, 24.0, 400.0], second=False),
        Case("ka = 1e4 cl/v; one", PLAIN.format(50.0), "one cl=0.08 v=16.0", "oral 100 at 0", [0.01, 1.0, 400.0]),
        Case("cl t/v = 1e-6; one", PLAIN.format(1.0), "one cl=1e-05 v=100.0", "oral 100 at 0", [0.001, 0.1, 10.0], second=False),
        Case("all slow; two", PLAIN.format(1e-4), "two cl=1e-05 v1=10.0 q=2e-06 v2=3.0", "oral 100 at 0", [0.01, 1.0, 100.0], second=False),
        Case("cl t/v = 300; one", PLAIN.format(50.0), "one cl=480.0 v=16.0", "oral 100 at 0", [0.1, 1.0, 10.0]),
        Case("cl t/v = 300; iv", "bolus", "one cl=480.0 v=16.0", "iv 100 at 0 ; iv 100 at 1 over 2", [2.5, 10.0], second=False),
        Case("stiff; three", PLAIN.format(1.0), "three cl=100.0 v1=1.0 q2=50.0 v2=1000.0 q3=0.01 v3=100.0", "oral 100 at 0", times, second=False),
        Case("v2 of next to nothing: 1e-9", PLAIN.format(1.0), "two cl=2.0 v1=20.0 q=0.5 v2=1e-09", "oral 100 at 0", times),
        Case("v2 of next to nothing: 1e-19", "bolus", "two cl=2.0 v1=20.0 q=1e-20 v2=1e-19", "iv 100 at 0", times, second=False),
        Case("v3 of next to nothing: 1e-20", PLAIN.format(1.0), "three cl=5.0 v1=50.0 q2=3.0 v2=80.0 q3=1e-21 v3=1e-20", "oral 100 at 0",
             times, second=False),
        Case("hardly any q; two", PLAIN.format(1.0), "two cl=1.2 v1=22.0 q=1e-09 v2=90.0", "oral 100 at 0", times, second=False),
        Case("mk-7", PLAIN.format(1.0), ONE, "oral 180 at 0 every 24 times 28", [6.0, 330.0, 700.0]),
        Case("mk-4", "first_order ka=1.2 tlag=0.0 f=1.0", "one cl=21.5 v=372.0", "oral 15000 at 0 every 8 times 3", [4.0, 18.0, 30.0],
             second=False),
        Case("theophylline", "first_order ka=1.5 tlag=0.0 f=1.0", "one cl=2.8 v=32.0", "oral 320 at 0", [0.25, 2.0, 9.0, 24.0]),
        Case("before the arrival", "first_order ka=1.2 tlag=2.0 f=0.8", TWO, "oral 100 at 0", [1.0, 3.0]),
    ]


def one_sided():
    """A sample at an instant where something begins or ends, and one 2^-10 h later."""
    after = 1 / 1024
    return [
        Case("at the arrival: bolus", "bolus tlag=0.5 f=0.8", ONE, "oral 100 at 0 every 8 times 2", [0.5, 0.5 + after, 8.5, 8.5 + after]),
        Case("at the arrival: depot; one", FIRST, ONE, "oral 100 at 0 every 8 times 2", [0.5, 0.5 + after, 8.5, 8.5 + after]),
        Case("at the arrival: depot; two", FIRST, TWO, "oral 100 at 0 every 8 times 2", [8.5, 8.5 + after], second=False),
        Case("at the arrival: no lag", PLAIN.format(1.2), ONE, "oral 100 at 0 every 8 times 2", [0.0, 8.0, 8.0 + after], second=False),
        Case("at the arrival: zero order", ZERO, ONE, "oral 100 at 0 every 8 times 2", [8.25, 8.25 + after]),
        Case("at the arrival: chain", TRANSIT, ONE, "oral 100 at 0 every 8 times 2", [8.25, 8.25 + after], second=False),
        Case("at the arrival: two paths", "first_order ka=0.35 tlag=0.0 f=0.6 + first_order ka=0.5 tlag=2.0 f=0.3", ONE, "oral 100 at 0",
             [2.0, 2.0 + after], second=False),
        Case("at the end: zero order", ZERO, ONE, "oral 100 at 0", [4.25, 4.25 + after], second=False),
        Case("at the arrival: steady state", FIRST, ONE, DAILY, [0.5, 0.5 + after], second=False),
    ]


def changes():
    one, two = "one cl=1.27 v=154.0", "two cl=1.2 v1=22.0 q=13.0 v2=90.0"
    later = "one cl=2.1 v=120.0 ka=0.6"
    pair = "two cl=2.5 v1=30.0 q=9.0 v2=70.0 ka=0.5"
    return [
        Case("one dose before", "first_order ka=1.2", one, "oral 100 at 0", [1.0, 2.5, 12.0, 100.0], True, 2.0, later),
        Case("doses before and after", "first_order ka=1.2", one, "oral 100 at 0 every 12 times 4", [23.0, 25.0, 50.0], True, 20.0, later),
        Case("an infusion across", "first_order ka=1.2", one, "oral 100 at 0 ; iv 50 at 3 over 4 ; iv 20 at 9", [4.0, 6.0, 8.0, 24.0],
             True, 5.0, later),
        Case("ka = cl/v before and after", "first_order ka=0.25", "one cl=4.0 v=16.0", "oral 100 at 0 ; oral 60 at 6", [3.0, 5.0, 12.0],
             True, 4.5, "one cl=8.0 v=16.0 ka=0.5"),
        Case("two: doses before and after", "first_order ka=1.2", two, "oral 100 at 0 every 12 times 3", [11.0, 15.0, 40.0], True, 13.0, pair),
        Case("two: an infusion across", "first_order ka=1.2", two, "oral 100 at 0 ; iv 50 at 3 over 4", [4.0, 6.0, 24.0], False, 5.0, pair),
        Case("two: a dose over a time across", "first_order ka=1.2", two, "oral 100 at 0 over 6", [4.0, 5.5, 24.0], False, 5.0, pair),
    ]


def areas():
    def case(name, absorption, disposition, dosing, times=None):
        return Case(name, absorption, disposition, dosing, times or ["auc_tau", "cavg"], second=False, area=True)

    times, mixed = [0.25, 6.0, 72.0, 1000.0], "oral 100 at 0 ; iv 50 at 3 over 2 ; iv 20 at 9"
    return [
        case("depot; one", FIRST, ONE, "oral 100 at 0 every 24 times 3", [6.0, 60.0, 1000.0]),
        case("depot; two", FIRST, TWO, "oral 100 at 0 every 24 times 3", [6.0, 60.0, 1000.0]),
        case("depot; three", FIRST, THREE, "oral 100 at 0 every 24 times 3", [6.0, 60.0, 1000.0]),
        case("no lag; one", PLAIN.format(1.0), ONE, "oral 90 at 0", times),
        case("zero order; two", ZERO, TWO, "oral 100 at 0", [2.0, 12.0, 200.0]),
        case("chain; one", TRANSIT, ONE, "oral 100 at 0", [2.0, 12.0, 200.0]),
        case("oral and iv; two", FIRST, TWO, mixed, [4.0, 12.0, 200.0]),
        case("ka = cl/v; one", PLAIN.format(0.25), "one cl=4.0 v=16.0", "oral 100 at 0", times),
        case("ka = cl/v to 1e-9; one", PLAIN.format(0.25 * (1 + 1e-9)), "one cl=4.0 v=16.0", "oral 100 at 0", times),
        case("hardly any elimination; one", PLAIN.format(1.0), "one cl=1e-08 v=16.0", "oral 100 at 0", times),
        case("steady state; one", FIRST, ONE, DAILY),
        case("steady state; two", FIRST, TWO, DAILY),
        case("steady state: infusion longer than tau; three", "bolus", THREE, "iv 50 every 24 over 36 ss"),
        case("steady state: two paths; one", "first_order ka=0.35 tlag=0.0 f=0.6 + zero_order duration=4.0 tlag=2.0 f=0.3", ONE, DAILY),
    ]
