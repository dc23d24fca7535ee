#!/usr/bin/env python3
"""Writes the reference tables of derivatives with respect to the numbers of a model.

    pip install mpmath gmpy2        # gmpy2 only makes it faster
    python3 tests/reference/make_sensitivity.py [--check] [sensitivity | sensitivity_change | sensitivity_auc]

A course is followed through matrix exponentials with 240 digits (sensitivity_model.py) as an exact function of its
numbers; the derivatives are central differences with steps of 1e-35 of each number. With --check every value is worked
again from partial fractions with analytic derivatives (sensitivity_check.py), and all must agree to 40 digits.

A number is the exact double that is printed. All rates are exact quotients, those of one compartment and of a chain too,
unlike in make.py: a rounded quotient has no derivative.
"""
import sys

from mpmath import mp, mpf

import sensitivity_cases as cases
from make import CHECK, write
from sensitivity_check import check
from sensitivity_model import derivatives

SMALLEST = mpf(10) ** -250
TEXTS = """
    Value is the {0} where number and second are empty, else its derivative with respect to the number, or to number and second:
    each pair stands once, and not in all cases. Worked with 240 digits; a second calculation agrees to 40.
    Units h, µg, L. A number is named by its field; of paths side by side (joined by +), 1.ka is that of the first. Rates are exact
    quotients of the doubles printed: cl/v, q/v1, (n+1)/mtt. n counts the transit compartments before the depot besides the one that
    the dose enters, as in transit.csv. f and tlag are of swallowed doses (oral); a dose into a vein (iv) has none, and where there
    is no other the absorption is `bolus` alone. `every 24 times 5` is five doses in all.
    Values of 0, whatever the numbers are, and those below 1e-250 in magnitude are left out{1}."""


def rows_of(case):
    with mp.workdps(240):
        table = derivatives(case)
    if CHECK:
        check(case, table)
    assert "," not in "".join([case.name, case.absorption, case.disposition, case.dosing, case.after or ""])
    for i, time in enumerate(case.times):
        for (number, second), values in table.items():
            if abs(values[i]) > SMALLEST or case.name == "before the arrival":
                change = [] if case.change is None else [case.change, case.after]
                yield [case.name, case.absorption, case.disposition, *change, case.dosing, time, number, second, values[i]]


def table(name, comment, columns, all_cases):
    assert len({case.name for case in all_cases}) == len(all_cases)
    rows = []
    for case in all_cases:
        rows += rows_of(case)
        print(f"  {case.name}", flush=True)
    write(name, comment, columns, rows, maker="make_sensitivity.py")


def sensitivity():
    all_cases = [*cases.every_absorption(), *cases.routes(), *cases.steady_states(), *cases.equal_rates(), *cases.far_apart(),
                 *cases.one_sided()]
    table("sensitivity.csv", "The concentration in the plasma and its derivatives with respect to the numbers of the model."
          + TEXTS.format("conc", " but for the case `before the arrival`") + """
        `ss` is the steady state of a dosing that repeats for ever; time is then after the start of a cycle, which is when the dose is
        taken. A baseline is a concentration that adds, whatever cl is.
        In the cases `at the arrival` and `at the end` a sample lies on the very instant (and 2^-10 h after it), where the derivatives with
        respect to tlag and duration differ on both sides. There the dose has arrived, and the input has ended: the derivatives are those for
        a tlag or a duration that becomes smaller.""",
          "case,absorption,disposition,dosing,time,number,second,value", all_cases)


def sensitivity_change():
    table("sensitivity_change.csv", """The concentration in the plasma and its derivatives where the numbers change within the course: the
        first disposition and ka hold until the time `change`, those of `after` from then on. What is in each compartment stays there (the
        depot empties at the new ka), an input goes on at its rate, and the concentration is over the volume that holds; no dose begins and no
        sample lies at the change. f = 1, no lag. Numbers are named a.cl before and b.cl after."""
          + TEXTS.format("conc", ""),
          "case,absorption,disposition,change,after,dosing,time,number,second,value", cases.changes())


def sensitivity_auc():
    table("sensitivity_auc.csv", """The area under the concentration in the plasma from 0 to `time`, and its first derivatives. Where `time` is
        auc_tau it is the area of one cycle of the steady state, and where it is cavg that over tau."""
          + TEXTS.format("area (or average)", ""),
          "case,absorption,disposition,dosing,time,number,second,value", cases.areas())


TABLES = {f.__name__: f for f in (sensitivity, sensitivity_change, sensitivity_auc)}

if __name__ == "__main__":
    for name in [a for a in sys.argv[1:] if not a.startswith("--")] or TABLES:
        TABLES[name]()
