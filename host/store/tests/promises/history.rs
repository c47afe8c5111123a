//! Judging a history of concurrent calls: Adya's direct serialization graph, and whether it has a cycle.
//!
//! The graph has a node for each call and an edge for each thing that fixes which of two came first:
//!
//! | edge | from | to |
//! | --- | --- | --- |
//! | `Wrote` (ww) | who wrote a version of a key | who wrote the next |
//! | `Showed` (wr) | who wrote a version | who read it |
//! | `Overwritten` (rw) | who read a version, or saw that a key was not there | who wrote the next |
//! | `Earlier` | who had ended | who began afterwards |
//!
//! Without a cycle there is an order of the calls, one after another, in which each reads exactly what it read.
//! Commit numbers play no part: versions are told apart by who wrote them, and their order is the one in which
//! the engine was told to write them.
//!
//! A range read is a read of every key in it, whether there or not. All that is known of a key that is not there
//! is that nobody had put it since it was removed; so such a read lies anywhere between the removal and the next
//! put, and where a key came and went in between, it is taken to be where its call committed.
//!
//! A. Adya: Weak Consistency: A Generalized Theory and Optimistic Implementations for Distributed
//! Transactions. PhD thesis, MIT, 1999.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::graph::Graph;

/// A call.
pub type Id = u32;

/// A key: a family of keys, and one of them.
pub type Key = (u8, u32);

/// From this family on, keys are numbered in the order in which they are made, and never removed.
pub const NUMBERED: u8 = 2;

/// What a call read: the calls that wrote the versions it saw, or removed what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A key; none when nobody ever wrote it.
    Key(Key, Option<Id>),
    /// All keys from one to before another: those that were there, and of others who removed them.
    Range { start: Key, end: Key, there: Vec<(Key, Id)>, removed: Vec<(Key, Id)> },
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Committed,
    /// It only read.
    Read,
    /// Nothing of what it wrote may ever be seen; what it read was consistent all the same.
    Conflicted,
}

/// What a call did.
#[derive(Clone, Debug)]
pub struct Call {
    pub id: Id,
    /// When it took its snapshot, and when it had its answer, by one clock of all threads.
    pub began: u64,
    pub ended: u64,
    pub fate: Fate,
    pub seen: Vec<Seen>,
    /// Keys it put (true) or removed, each once.
    pub wrote: Vec<(Key, bool)>,
}

/// Calls, and every write in the order in which the engine was told.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub calls: Vec<Call>,
    pub writes: Vec<(Key, Id)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Wrote(Key),
    Showed(Key),
    Overwritten(Key),
    Earlier,
}

/// Why a history is not that of a store that keeps its promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// Somebody read what was never committed, or not the last that a call wrote (G1a, G1b).
    Dirty { reader: Id, key: Key, writer: Id },
    /// What is written and who committed do not agree.
    Write { key: Key, writer: Id },
    /// A walk showed a key that is not in its range, or one twice, or not in order.
    Walk { reader: Id },
    /// No order of the calls explains what they saw.
    Cycle(Vec<(Id, Edge)>),
}

/// The versions of a key in their order: who wrote it, whether it is there then, and when.
type Versions = Vec<(Id, bool, usize)>;

struct Index<'a> {
    history: &'a History,
    node: HashMap<Id, usize>,
    versions: BTreeMap<Key, Versions>,
    /// The place of each version in its key's order.
    place: HashMap<(Key, Id), usize>,
    /// The last write of each call.
    at: HashMap<Id, usize>,
}

impl History {
    /// Without what clocks said.
    pub fn without_time(mut self) -> Self {
        self.calls.iter_mut().for_each(|call| (call.began, call.ended) = (0, u64::MAX));
        self
    }

    /// Whether some order of the calls explains what each of them saw.
    pub fn check(&self) -> Result<(), Anomaly> {
        let index = self.index()?;
        let mut graph = Graph::new(self.calls.len());
        for (key, versions) in &index.versions {
            for pair in versions.windows(2) {
                graph.add(index.node[&pair[0].0], index.node[&pair[1].0], Edge::Wrote(*key));
            }
        }
        for call in &self.calls {
            for seen in &call.seen {
                index.seen(call, seen, &mut graph)?;
            }
        }
        let graph = index.with_time(graph);
        match graph.cycle() {
            None => Ok(()),
            Some(cycle) => {
                let calls =
                    cycle.into_iter().filter_map(|(node, edge)| Some((self.calls.get(node)?.id, edge)));
                Err(Anomaly::Cycle(calls.collect()))
            }
        }
    }

    fn index(&self) -> Result<Index<'_>, Anomaly> {
        let node: HashMap<_, _> = self.calls.iter().enumerate().map(|(node, call)| (call.id, node)).collect();
        assert_eq!(node.len(), self.calls.len(), "every call once");
        let mut index = Index {
            history: self,
            node,
            versions: BTreeMap::new(),
            place: HashMap::new(),
            at: HashMap::new(),
        };
        let mut promised: HashMap<(Key, Id), bool> = HashMap::new();
        for call in self.calls.iter().filter(|call| call.fate == Fate::Committed) {
            promised.extend(call.wrote.iter().map(|(key, there)| ((*key, call.id), *there)));
        }
        for (at, (key, writer)) in self.writes.iter().enumerate() {
            let Some(there) = promised.remove(&(*key, *writer)) else {
                return Err(Anomaly::Write { key: *key, writer: *writer });
            };
            let versions = index.versions.entry(*key).or_default();
            index.place.insert((*key, *writer), versions.len());
            versions.push((*writer, there, at));
            index.at.insert(*writer, at);
        }
        match promised.keys().next() {
            Some((key, writer)) => Err(Anomaly::Write { key: *key, writer: *writer }),
            None => Ok(index),
        }
    }
}

impl Index<'_> {
    fn seen(&self, call: &Call, seen: &Seen, graph: &mut Graph<Edge>) -> Result<(), Anomaly> {
        match seen {
            Seen::Key(key, version) => self.read(call, *key, *version, false, graph),
            Seen::Range { start, end, there, removed } => {
                let inside = |key: &Key| key >= start && key < end;
                let in_order = there.is_sorted_by(|one, next| one.0 < next.0);
                if !in_order || !there.iter().all(|(key, _)| inside(key)) {
                    return Err(Anomaly::Walk { reader: call.id });
                }
                for (key, version) in there {
                    let alive = self.place.get(&(*key, *version)).map(|place| self.versions[key][*place].1);
                    if alive == Some(false) {
                        return Err(Anomaly::Walk { reader: call.id });
                    }
                    self.read(call, *key, Some(*version), true, graph)?;
                }
                let shown: HashSet<Key> = there.iter().map(|(key, _)| *key).collect();
                let removed: HashMap<Key, Id> = removed.iter().copied().collect();
                let last = there.last().map(|(key, _)| *key);
                for key in self.versions.range(*start..*end).map(|(key, _)| *key) {
                    if shown.contains(&key) {
                        continue;
                    }
                    self.read(call, key, removed.get(&key).copied(), true, graph)?;
                    if key.0 >= NUMBERED && last.is_none_or(|last| key > last) {
                        // Those after it were made after it.
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    fn read(
        &self,
        call: &Call,
        key: Key,
        version: Option<Id>,
        exactly: bool,
        graph: &mut Graph<Edge>,
    ) -> Result<(), Anomaly> {
        let reader = self.node[&call.id];
        let place = match version {
            None => None,
            Some(writer) => Some(*self.place.get(&(key, writer)).ok_or(Anomaly::Dirty {
                reader: call.id,
                key,
                writer,
            })?),
        };
        let Some(versions) = self.versions.get(&key) else { return Ok(()) };
        let (first, next) = match place {
            Some(place) if versions[place].1 => (Some(place), place + 1),
            absent => self.while_absent(call, versions, absent, exactly),
        };
        if let Some(first) = first {
            graph.add(self.node[&versions[first].0], reader, Edge::Showed(key));
        }
        if let Some((writer, ..)) = versions.get(next) {
            graph.add(reader, self.node[writer], Edge::Overwritten(key));
        }
        Ok(())
    }

    /// The removal after which the key was not there, and the put after which it was again.
    fn while_absent(
        &self,
        call: &Call,
        versions: &Versions,
        seen: Option<usize>,
        exactly: bool,
    ) -> (Option<usize>, usize) {
        let mut place = seen;
        if call.fate == Fate::Committed
            && !exactly
            && let Some(at) = self.at.get(&call.id)
        {
            let before = versions.iter().rposition(|(writer, _, when)| when < at && *writer != call.id);
            if before.is_none_or(|before| !versions[before].1) {
                place = before;
            }
        }
        let put = |(_, there, _): &(Id, bool, usize)| *there;
        let next = place.map_or(0, |place| place + 1);
        let again = versions[next..].iter().position(put).map_or(versions.len(), |ahead| next + ahead);
        let removal = versions[..next].iter().rposition(put).map_or(0, |there| there + 1);
        // Nobody had put it yet: then nothing comes before.
        let removal = versions[..next].iter().any(put).then_some(removal);
        (removal, again)
    }

    /// Whoever had ended comes before whoever began later: over one node for each moment in which somebody
    /// ended, so that there are no more edges than calls.
    fn with_time(&self, graph: Graph<Edge>) -> Graph<Edge> {
        let calls = &self.history.calls;
        let mut ends: Vec<(u64, usize)> =
            calls.iter().enumerate().map(|(node, call)| (call.ended, node)).collect();
        ends.sort_unstable();
        let mut graph = graph.with_room(ends.len());
        let moment = |place: usize| calls.len() + place;
        for (place, (_, node)) in ends.iter().enumerate() {
            graph.add(*node, moment(place), Edge::Earlier);
            if place > 0 {
                graph.add(moment(place - 1), moment(place), Edge::Earlier);
            }
        }
        for (node, call) in calls.iter().enumerate() {
            let ended = ends.partition_point(|(ended, _)| *ended < call.began);
            if ended > 0 {
                graph.add(moment(ended - 1), node, Edge::Earlier);
            }
        }
        graph
    }
}
