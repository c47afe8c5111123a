//! So many at a time in all, and so many of each: what keeps one account from holding all there is.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How often whoever waits for a turn looks again.
const LOOK: Duration = Duration::from_millis(50);

/// Places that are taken and given back.
#[derive(Debug)]
pub struct Places<K> {
    /// Most in all.
    most: usize,
    /// Most of one.
    most_each: usize,
    taken: Mutex<HashMap<K, usize>>,
}

impl<K: Clone + Eq + Hash> Places<K> {
    /// So many places in all, and so many for each; at least one of both.
    pub fn new(most: usize, most_each: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), most_each: most_each.max(1), taken: Mutex::default() })
    }

    /// A place, given back when it is dropped; none when all are taken, or all that `who` may take.
    pub fn take(self: &Arc<Self>, who: K) -> Option<Place<K>> {
        let mut taken = self.taken.lock();
        let mine = taken.get(&who).copied().unwrap_or(0);
        if mine >= self.most_each || taken.values().sum::<usize>() >= self.most {
            return None;
        }
        taken.insert(who.clone(), mine + 1);
        drop(taken);
        Some(Place { places: Arc::clone(self), who })
    }

    /// A place, as soon as one is free; none when that takes longer than `wait`.
    pub async fn turn(self: &Arc<Self>, who: K, wait: Duration) -> Option<Place<K>> {
        let until = Instant::now() + wait;
        loop {
            if let Some(place) = self.take(who.clone()) {
                return Some(place);
            }
            if Instant::now() >= until {
                return None;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A place that is taken.
#[derive(Debug)]
pub struct Place<K: Clone + Eq + Hash> {
    places: Arc<Places<K>>,
    who: K,
}

impl<K: Clone + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        if let Some(mine) = taken.get_mut(&self.who) {
            *mine = mine.saturating_sub(1);
            if *mine == 0 {
                taken.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_and_what_is_given_back_is_free_again() {
        let places = Places::new(3, 2);
        let first = places.take("lan").unwrap();
        let _second = places.take("lan").unwrap();
        assert!(places.take("lan").is_none(), "two are all that one may take");
        let third = places.take("hoa").unwrap();
        assert!(places.take("binh").is_none(), "three are all there are");
        drop(third);
        let _third = places.take("binh").unwrap();
        assert!(places.take("hoa").is_none());
        drop(first);
        assert!(places.take("lan").is_some());
    }

    #[tokio::test]
    async fn a_turn_comes_when_a_place_is_given_back_or_not_in_time() {
        let places = Places::new(1, 1);
        let first = places.take("lan").unwrap();
        assert!(places.turn("hoa", Duration::ZERO).await.is_none());
        let (turn, ()) = tokio::join!(places.turn("hoa", Duration::from_secs(600)), async { drop(first) });
        assert!(turn.is_some());
    }
}
