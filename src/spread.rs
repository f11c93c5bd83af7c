//! The same work for many things, by several threads at once. The answers come in the order of the things.
//!
//! For pure work on plain data. Nothing here knows what the work is.

use std::num::NonZero;
use std::thread;

/// The most threads that are started; more do not help with what is read here.
const MAX_THREADS: usize = 8;
/// Fewer things than this for a thread are not worth starting it.
const WORTH: usize = 4;

/// Does `work` for each of these; by this thread alone where they are few.
///
/// A panic of `work` goes on in the caller.
pub(crate) fn spread<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(MAX_THREADS).min(things.len() / WORTH);
    if threads < 2 {
        return things.iter().map(work).collect();
    }
    let work = &work;
    // Dealt out in turns: neighbours are often alike, and the heavy ones among them are shared.
    let deal = |first: usize| things.iter().skip(first).step_by(threads).map(work).collect::<Vec<R>>();
    let mut hands: Vec<std::vec::IntoIter<R>> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|first| scope.spawn(move || deal(first))).collect();
        let mine = deal(0);
        let joined =
            others.into_iter().map(|hand| hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(mine).chain(joined).map(Vec::into_iter).collect()
    });
    (0..things.len()).filter_map(|index| hands[index % threads].next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_things_however_many_there_are() {
        for many in [0, 1, 7, 8, 9, 100, 1001] {
            let things: Vec<usize> = (0..many).collect();
            let wanted: Vec<usize> = things.iter().map(|n| n * n).collect();
            assert_eq!(spread(&things, |n| n * n), wanted, "{many} things");
        }
    }

    #[test]
    #[should_panic(expected = "the work failed")]
    fn a_panic_is_not_swallowed() {
        let things: Vec<usize> = (0..100).collect();
        spread(&things, |n| assert_ne!(*n, 99, "the work failed"));
    }
}
