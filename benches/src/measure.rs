//! How long both sides of a row take, measured in turn.

use std::time::{Duration, Instant};

use crate::{Goal, Row, Side};

/// One round of one side lasts about this long: less than the scheduler's time slice, so that on a busy
/// machine most rounds are not interrupted.
const ROUND: Duration = Duration::from_millis(4);
/// Rounds of a row, unless they would take longer than [`ROW`].
const ROUNDS: usize = 501;
/// A row takes about this long at most.
const ROW: Duration = Duration::from_secs(4);
/// However slow it is.
const FEWEST_ROUNDS: usize = 5;

/// What was found.
pub struct Measured {
    /// Nanoseconds of one operation of the subject; the median over the rounds.
    pub subject: f64,
    /// And of what it stands beside.
    pub beside: Option<f64>,
    /// The median of the ratios of the rounds: of times, or of rates where the goal is a rate.
    pub ratio: Option<f64>,
    /// How far the ratios of the middle half of the rounds lie apart.
    pub spread: f64,
}

/// Measures a row.
pub fn measure(row: &mut Row) -> Measured {
    let operations = row.operations as f64;
    let mut subject = Taken::calibrate(&mut row.subject);
    let mut beside = row.beside.as_mut().map(Taken::calibrate);
    let start = Instant::now();
    let mut ratios = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        if round >= FEWEST_ROUNDS && start.elapsed() > ROW {
            break;
        }
        // Whichever side comes second finds the machine as the first left it; so they take turns.
        let (mine, other) = match &mut beside {
            Some(beside) if round % 2 == 0 => {
                let mine = subject.round();
                (mine, Some(beside.round()))
            }
            Some(beside) => {
                let other = beside.round();
                (subject.round(), Some(other))
            }
            None => (subject.round(), None),
        };
        ratios.extend(other.map(|other| match row.goal {
            Goal::AtLeast(_) => other / mine,
            _ => mine / other,
        }));
    }
    Measured {
        subject: quantile(&mut subject.rounds, 0.5) / operations,
        beside: beside.map(|mut beside| quantile(&mut beside.rounds, 0.5) / operations),
        spread: if ratios.is_empty() {
            0.0
        } else {
            quantile(&mut ratios, 0.75) - quantile(&mut ratios, 0.25)
        },
        ratio: (!ratios.is_empty()).then(|| quantile(&mut ratios, 0.5)),
    }
}

/// One side and the nanoseconds of one run, by round.
struct Taken<'a> {
    side: &'a mut Side,
    times: u64,
    rounds: Vec<f64>,
}

impl<'a> Taken<'a> {
    /// Finds how often a side runs in a round; warms it up by the way.
    fn calibrate(side: &'a mut Side) -> Self {
        let mut times = 1;
        loop {
            // By the wall: clearing away between runs takes time, too. The fastest of a few, so that an
            // interruption does not make all rounds too short to warm up.
            let mut trial = || {
                let start = Instant::now();
                (side.run)(times);
                start.elapsed()
            };
            let mut took = trial();
            if took < ROUND * 20 {
                took = (0..4).map(|_| trial()).fold(took, Duration::min);
            }
            if took >= ROUND / 2 {
                let once = took.as_secs_f64() / times as f64;
                let times = (ROUND.as_secs_f64() / once).round().max(1.0) as u64;
                return Self { side, times, rounds: Vec::new() };
            }
            times *= if took < ROUND / 20 { 8 } else { 2 };
        }
    }

    fn round(&mut self) -> f64 {
        // The other side had the caches last; what is measured is the steady state.
        (self.side.run)(self.times / 3);
        let took = (self.side.run)(self.times);
        let once = took.as_secs_f64() * 1e9 / self.times as f64;
        self.rounds.push(once);
        once
    }
}

fn quantile(values: &mut [f64], quantile: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * quantile).round() as usize]
}
