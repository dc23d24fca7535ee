//! Orders, each in one place: a sort is kilobytes of machine code wherever a rule of its own is written.

/// What has a time is put in order of it; what has the same time stays in its order.
pub(crate) fn sort_by_time<T>(rows: &mut [(f64, T)]) {
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
}

pub(crate) fn sort_ascending(numbers: &mut [f64]) {
    numbers.sort_unstable_by(f64::total_cmp);
}

pub(crate) fn sort_descending(numbers: &mut [f64]) {
    numbers.sort_unstable_by(|a, b| b.total_cmp(a));
}
