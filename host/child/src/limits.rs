//! What a child may use.

use std::time::Duration;

/// What a child may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space of the child, in bytes: its code, its stacks, all it allocates.
    pub memory: usize,
    /// CPU time, in whole seconds.
    pub cpu: Duration,
    /// Time from start to end.
    pub wall: Duration,
    /// Most bytes of the answer.
    pub bytes: usize,
}

impl Limits {
    /// As the first arguments of a child.
    pub(crate) fn arguments(&self) -> [String; 3] {
        [self.memory.to_string(), self.cpu.as_secs().to_string(), self.bytes.to_string()]
    }

    /// From the arguments of a child, and those that follow. It need not know how long it may take: it is ended from
    /// outside.
    pub fn parse(arguments: &[String]) -> Option<(Self, &[String])> {
        let [memory, cpu, bytes, rest @ ..] = arguments else { return None };
        let cpu = Duration::from_secs(cpu.parse().ok()?);
        let limits = Self { memory: memory.parse().ok()?, cpu, wall: cpu, bytes: bytes.parse().ok()? };
        Some((limits, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_reads_the_limits_that_its_host_has_set() {
        let cpu = Duration::from_secs(7);
        let limits = Limits { memory: 1 << 30, cpu, wall: cpu, bytes: 1_000 };
        let mut arguments = limits.arguments().to_vec();
        arguments.push("more".to_owned());
        assert_eq!(Limits::parse(&arguments), Some((limits, &["more".to_owned()][..])));
        for wrong in [vec![], vec!["1".to_owned(), "x".to_owned(), "1".to_owned()]] {
            assert_eq!(Limits::parse(&wrong), None);
        }
    }
}
