//! Walking what a snapshot holds: through rows at hand where there are any, and through the engine between them.

use crate::backend::{self, Cursor, Direction, Table};
use crate::format::{self, Row};
use crate::row_cache::{Piece, Recorder, RunWalk, Span};
use crate::snapshot::{Item, Snapshot, Stored};
use crate::{Seq, StoreError};

/// What a walk shows.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    /// What its snapshot sees.
    All,
    /// What this batch staged.
    Staged(Seq),
}

/// A walk over keys and values.
///
/// As an iterator it yields copies; [`step`](Self::step) shows each where it lies. After an error it ends.
pub struct Range {
    snapshot: Snapshot,
    shown: Shown,
    direction: Direction,
    /// What comes after the piece in hand.
    rest: Option<Span>,
    piece: Option<Walk>,
    /// Of the value here: its version, and where it begins in what is at rest.
    here: Option<(Seq, usize)>,
}

/// A walk through a piece of the range.
enum Walk {
    AtHand(RunWalk),
    Engine(EngineWalk),
}

struct EngineWalk {
    cursor: Box<dyn Cursor>,
    recorder: Option<Recorder>,
    /// Where it ends, for the recorder.
    end: Option<Vec<u8>>,
}

impl Range {
    pub(crate) fn new(
        snapshot: Snapshot,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
        shown: Shown,
    ) -> Self {
        let rest = Span { start: start.to_vec(), end: end.map(<[u8]>::to_vec) };
        Self { snapshot, shown, direction, rest: Some(rest), piece: None, here: None }
    }

    /// Goes to the next key and shows it; none at the end.
    #[inline]
    pub fn step(&mut self) -> Result<Option<Item<'_>>, StoreError> {
        if self.advance()? { Ok(self.here()) } else { Ok(None) }
    }

    #[inline]
    pub(crate) fn advance(&mut self) -> Result<bool, StoreError> {
        let moved = self.next_shown();
        if !matches!(moved, Ok(true)) {
            (self.rest, self.piece, self.here) = (None, None, None);
        }
        moved
    }

    #[inline]
    fn next_shown(&mut self) -> Result<bool, StoreError> {
        loop {
            if self.piece.is_some() {
                self.snapshot.pinned().held()?;
            }
            let row = match &mut self.piece {
                Some(Walk::AtHand(walk)) => match walk.next() {
                    Some((key, stored)) => Some((format::opened(key, stored)?, stored.len())),
                    None => None,
                },
                Some(Walk::Engine(walk)) => walk.next()?,
                None => None,
            };
            let Some((row, length)) = row else { if self.go_on()? { continue } else { return Ok(false) } };
            let shown = match self.shown {
                Shown::All => self.snapshot.shows(&row),
                Shown::Staged(batch) => row.batch == Some(batch),
            };
            if shown {
                self.here = Some((row.version, length - row.value.len()));
                return Ok(true);
            }
        }
    }

    /// Begins the next piece; false when there is none.
    fn go_on(&mut self) -> Result<bool, StoreError> {
        self.piece = None;
        let Some(left) = self.rest.take() else { return Ok(false) };
        if backend::is_empty(&left.start, left.end.as_deref()) {
            return Ok(false);
        }
        let (direction, at) = (self.direction, self.snapshot.seq());
        let walk = match self.snapshot.cache().piece(&left, direction, at) {
            Piece::Run(run) => {
                let walk = RunWalk::new(run.clone(), &left, direction);
                self.rest = Some(match direction {
                    Direction::Forward => Span { start: run.end().to_vec(), ..left },
                    Direction::Backward => Span { end: Some(run.start().to_vec()), ..left },
                });
                Walk::AtHand(walk)
            }
            Piece::Engine(until) => {
                let (piece, rest) = left.divided(until, direction);
                self.rest = rest;
                Walk::Engine(EngineWalk::new(&self.snapshot, piece, direction)?)
            }
        };
        self.piece = Some(walk);
        Ok(true)
    }

    #[inline]
    pub(crate) fn here(&self) -> Option<Item<'_>> {
        let (version, begin) = self.here?;
        let (key, stored) = match self.piece.as_ref()? {
            Walk::AtHand(walk) => walk.here(),
            Walk::Engine(walk) => walk.cursor.here(),
        };
        Some(Item { key, version, value: stored.get(begin..)? })
    }
}

impl Span {
    /// What a walk comes to first, up to `until`, and the rest.
    fn divided(self, until: Option<Vec<u8>>, direction: Direction) -> (Self, Option<Self>) {
        let Self { start, end } = self;
        let within = |until: &Vec<u8>| *until > start && end.as_ref().is_none_or(|end| until < end);
        match until.filter(within) {
            None => (Self { start, end }, None),
            Some(until) => {
                let low = Self { start, end: Some(until.clone()) };
                let high = Self { start: until, end };
                match direction {
                    Direction::Forward => (low, Some(high)),
                    Direction::Backward => (high, Some(low)),
                }
            }
        }
    }
}

impl EngineWalk {
    fn new(snapshot: &Snapshot, span: Span, direction: Direction) -> Result<Self, StoreError> {
        let Span { start, end } = span;
        let cursor = snapshot.rows(Table::Data, &start, end.as_deref(), direction)?;
        let (from, to) = match direction {
            Direction::Forward => (Some(start), end),
            Direction::Backward => (end, Some(start)),
        };
        let cache = snapshot.cache();
        let at = snapshot.seq();
        let recorder = (cache.admits(from.as_deref().unwrap_or_default()) && cache.takes(at))
            .then(|| Recorder::new(cache.clone(), at, from.as_deref(), direction));
        Ok(Self { cursor, recorder, end: to })
    }

    /// The next row, and how many bytes of it are at rest.
    #[inline]
    fn next(&mut self) -> Result<Option<(Row<'_>, usize)>, StoreError> {
        if !self.cursor.advance()? {
            if let (Some(recorder), Some(end)) = (self.recorder.take(), &self.end) {
                recorder.end(end);
            }
            return Ok(None);
        }
        let (key, stored) = self.cursor.here();
        let row = format::open(key, stored)?;
        if let Some(recorder) = &mut self.recorder {
            recorder.pass(key, stored);
        }
        Ok(Some((row, stored.len())))
    }
}

impl Iterator for Range {
    type Item = Result<(Vec<u8>, Stored), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().map(|item| item.map(|item| (item.key.to_vec(), item.to_stored()))).transpose()
    }
}
