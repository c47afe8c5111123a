//! Cycles in a directed graph, without recursion: histories have hundreds of thousands of nodes.

use std::collections::{HashMap, VecDeque};

/// Nodes by number; edges with what they stand for.
pub struct Graph<Label> {
    edges: Vec<Vec<(usize, Label)>>,
}

impl<Label: Copy> Graph<Label> {
    pub fn new(nodes: usize) -> Self {
        Self { edges: (0..nodes).map(|_| Vec::new()).collect() }
    }

    /// Adds an edge. One from a node to itself says nothing here.
    pub fn add(&mut self, from: usize, to: usize, label: Label) {
        if from != to {
            self.edges[from].push((to, label));
        }
    }

    /// The same with more nodes.
    pub fn with_room(mut self, nodes: usize) -> Self {
        self.edges.extend((0..nodes).map(|_| Vec::new()));
        self
    }

    /// A shortest cycle through some node of it, as its edges; none when there is no cycle.
    pub fn cycle(&self) -> Option<Vec<(usize, Label)>> {
        let component = self.components();
        let mut sizes = HashMap::new();
        for of in &component {
            *sizes.entry(*of).or_insert(0) += 1;
        }
        let start = (0..self.edges.len()).find(|node| sizes[&component[*node]] > 1)?;
        // Breadth first within the component, back to where it began.
        let mut from = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for (to, label) in &self.edges[node] {
                if component[*to] != component[start] || from.contains_key(to) {
                    continue;
                }
                from.insert(*to, (node, *label));
                queue.push_back(*to);
            }
        }
        let mut cycle = Vec::new();
        let mut here = start;
        loop {
            let (before, label) = from[&here];
            cycle.push((before, label));
            here = before;
            if here == start {
                break;
            }
        }
        cycle.reverse();
        Some(cycle)
    }

    /// The strongly connected component of each node (Tarjan 1972, with a stack of its own).
    fn components(&self) -> Vec<usize> {
        const UNSEEN: usize = usize::MAX;
        let nodes = self.edges.len();
        let (mut index, mut low) = (vec![UNSEEN; nodes], vec![0; nodes]);
        let (mut component, mut open, mut next) = (vec![UNSEEN; nodes], Vec::new(), 0);
        for root in 0..nodes {
            if index[root] != UNSEEN {
                continue;
            }
            let mut calls = vec![(root, 0)];
            while let Some((node, edge)) = calls.pop() {
                if edge == 0 {
                    (index[node], low[node]) = (next, next);
                    next += 1;
                    open.push(node);
                } else {
                    let (child, _) = self.edges[node][edge - 1];
                    if component[child] == UNSEEN {
                        low[node] = low[node].min(low[child]);
                    }
                }
                if let Some((child, _)) = self.edges[node].get(edge) {
                    calls.push((node, edge + 1));
                    if index[*child] == UNSEEN {
                        calls.push((*child, 0));
                    }
                } else if low[node] == index[node] {
                    while let Some(member) = open.pop() {
                        component[member] = node;
                        if member == node {
                            break;
                        }
                    }
                }
            }
        }
        component
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph<()> {
        let mut graph = Graph::new(nodes);
        for (from, to) in edges {
            graph.add(*from, *to, ());
        }
        graph
    }

    #[test]
    fn a_long_way_is_no_cycle_until_it_is_closed() {
        const NODES: usize = 300_000;
        let mut edges: Vec<_> = (1..NODES).map(|node| (node - 1, node)).collect();
        assert!(graph(NODES, &edges).cycle().is_none());
        edges.push((NODES - 1, 0));
        assert_eq!(graph(NODES, &edges).cycle().unwrap().len(), NODES);
    }

    proptest! {
        #[test]
        fn a_cycle_is_found_exactly_where_somebody_reaches_himself(
            edges in prop::collection::vec((0_usize..9, 0_usize..9), 0..16),
        ) {
            // Plainly: who reaches whom (Warshall).
            let mut reaches = [[false; 9]; 9];
            for (from, to) in edges.iter().filter(|(from, to)| from != to) {
                reaches[*from][*to] = true;
            }
            for middle in 0..9 {
                for from in 0..9 {
                    for to in 0..9 {
                        reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
                    }
                }
            }
            let cycle = graph(9, &edges).cycle();
            prop_assert_eq!(cycle.is_some(), (0..9).any(|node| reaches[node][node]));
            if let Some(cycle) = cycle {
                for (place, (from, ())) in cycle.iter().enumerate() {
                    let (to, ()) = cycle[(place + 1) % cycle.len()];
                    prop_assert!(edges.contains(&(*from, to)));
                }
            }
        }
    }
}
