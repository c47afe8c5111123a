//! Draws that are the same on every machine: SplitMix64 (Steele, Lea and Flood, 2014), seeded by what is drawn for, so
//! that one more draw for one officer changes no other.

/// A sequence of draws.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The sequence for the officer of this number.
    pub fn of(number: u32) -> Self {
        let mut draw = Self(0x9E6C_63D0_876A_3F6B ^ u64::from(number));
        draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `bound` – 1; 0 where there is no bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        let drawn = self.next() % u64::from(bound.max(1));
        u32::try_from(drawn).unwrap_or_default()
    }

    /// `first` to `last`.
    pub fn between(&mut self, first: u32, last: u32) -> u32 {
        first.saturating_add(self.below(last.saturating_sub(first).saturating_add(1)))
    }

    /// So many times out of a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of them; nothing where there is none.
    pub fn of_list(&mut self, list: &[&'static str]) -> &'static str {
        let at = self.below(u32::try_from(list.len()).unwrap_or_default());
        usize::try_from(at).ok().and_then(|at| list.get(at).copied()).unwrap_or_default()
    }

    /// One of them by weight.
    pub fn weighed(&mut self, list: &[(&'static str, u32)]) -> &'static str {
        let mut left = self.below(list.iter().map(|(_, weight)| weight).sum());
        for (word, weight) in list {
            match left.checked_sub(*weight) {
                None => return word,
                Some(rest) => left = rest,
            }
        }
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_each_time_and_differ_from_one_officer_to_the_next() {
        let drawn = |number| {
            let mut draw = Draw::of(number);
            (0..8).map(|_| draw.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(61), drawn(61));
        assert_ne!(drawn(61), drawn(62));
        let mut draw = Draw::of(7);
        let heavy = (0..1_000).filter(|_| draw.weighed(&[("a", 9), ("b", 1)]) == "a").count();
        assert!((850..950).contains(&heavy), "{heavy}");
        assert!((0..1_000).all(|_| (3..=5).contains(&draw.between(3, 5))));
        assert_eq!((draw.below(0), draw.of_list(&[]), draw.weighed(&[])), (0, "", ""));
    }
}
