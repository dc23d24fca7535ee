//! Work on many people, on all cores where the feature `parallel` is on and the work is worth it.
//!
//! People are dealt in chunks of fixed size, and what a chunk gives depends on nothing but its people. So the number of
//! threads cannot change a bit.

use crate::error::Result;

/// The people of a chunk: enough that a hand-over between threads costs nothing.
pub(crate) const CHUNK: usize = 128;

/// Less work than this, in ns, is done before a second thread has woken.
#[cfg(feature = "parallel")]
const WORTH_A_THREAD: f64 = 5e6;

/// How much a piece of work is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// How many numbers a person has in the rows.
    pub(crate) width: usize,
    /// About how long a person takes, ns.
    #[cfg_attr(not(feature = "parallel"), expect(dead_code, reason = "one thread does not ask"))]
    pub(crate) nanoseconds: f64,
}

/// Calls `work` with each row of its own, for work so long that a row is a chunk.
pub(crate) fn for_each_row<T: Send, S>(
    rows: &mut [T],
    size: Work,
    tools: impl Fn() -> Result<S> + Sync,
    work: impl Fn(&mut S, usize, &mut [T]) -> Result<()> + Sync,
) -> Result<()> {
    deal(rows, (size, 1), tools, work)
}

/// Calls `work` with (the number of its first person, its rows) for every chunk of `rows`; of several errors, that of
/// the first person is given. Each thread makes its own `tools`.
pub(crate) fn for_each_chunk<T: Send, S>(
    rows: &mut [T],
    size: Work,
    tools: impl Fn() -> Result<S> + Sync,
    work: impl Fn(&mut S, usize, &mut [T]) -> Result<()> + Sync,
) -> Result<()> {
    deal(rows, (size, CHUNK), tools, work)
}

/// `n` times the same, by all cores where it is much: before memory is first written to, the system has to find it.
pub(crate) fn filled<T: Copy + Send + Sync>(value: T, n: usize) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IndexedParallelIterator, repeat_n};
        /// So many bytes are worth a thread.
        const MUCH: usize = 1 << 22;
        if n * size_of::<T>() > MUCH && rayon::current_num_threads() > 1 {
            let mut all = Vec::new();
            repeat_n(value, n).with_min_len(MUCH / 8 / size_of::<T>().max(1)).collect_into_vec(&mut all);
            return all;
        }
    }
    vec![value; n]
}

fn deal<T: Send, S>(
    rows: &mut [T],
    (size, chunk): (Work, usize),
    tools: impl Fn() -> Result<S> + Sync,
    work: impl Fn(&mut S, usize, &mut [T]) -> Result<()> + Sync,
) -> Result<()> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IndexedParallelIterator, ParallelIterator};
        use rayon::slice::ParallelSliceMut;
        #[expect(clippy::cast_precision_loss, reason = "a rough measure")]
        let nanoseconds = (rows.len() / size.width.max(1)) as f64 * size.nanoseconds;
        if nanoseconds > WORTH_A_THREAD && rayon::current_num_threads() > 1 {
            let chunks = rows.par_chunks_mut(chunk * size.width).enumerate();
            let error = chunks.map_init(&tools, |tools, (i, rows)| {
                let tools = tools.as_mut().map_err(|error| error.clone());
                tools.and_then(|tools| work(tools, i * chunk, rows)).err()
            });
            return error.find_map_first(|error| error).map_or(Ok(()), Err);
        }
    }
    let mut tools = tools()?;
    for (i, rows) in rows.chunks_mut(chunk * size.width).enumerate() {
        work(&mut tools, i * chunk, rows)?;
    }
    Ok(())
}
