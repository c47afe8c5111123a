//! What one call may use. No call is without limits, the host's own included.

use std::fmt;

use crate::CallTime;

/// What a call uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Rows read from collections, whether or not the actor may see them.
    RowsRead,
    /// Records written.
    RecordsWritten,
    /// Bytes that crossed between host and plugin, both ways.
    HostBytes,
    /// Lines written to the log.
    LogLines,
    /// Timers set, new ones and in the place of others.
    Timers,
    /// Notices sent, each recipient counted.
    Notices,
}

impl Resource {
    /// The word as manifests spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RowsRead => "rows-read",
            Self::RecordsWritten => "records-written",
            Self::HostBytes => "host-bytes",
            Self::LogLines => "log-lines",
            Self::Timers => "timers",
            Self::Notices => "notices",
        }
    }
}

/// How much of each a call may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows read.
    pub rows_read: u64,
    /// Records written.
    pub records_written: u64,
    /// Bytes across the boundary.
    pub host_bytes: u64,
    /// Log lines.
    pub log_lines: u64,
    /// Records of the plugin, all together: not of one call.
    pub records: u64,
    /// Bytes of all its records and files: not of one call.
    pub storage_bytes: u64,
    /// Timers set.
    pub timers: u64,
    /// Notices sent.
    pub notices: u64,
}

impl Limits {
    /// Of a plugin's call, unless its manifest asks for less: a page over a large table, or an import of
    /// 10,000 rows with room to spare.
    ///
    /// Of all calls together: ten million records are those of 20,000 officers at 500 each; 20 GiB is what files alone
    /// may have ([`FileLimits`](crate::files::FileLimits)), and 10 more.
    pub const PLUGIN: Self = Self {
        rows_read: 1_000_000,
        records_written: 20_000,
        host_bytes: 64 << 20,
        log_lines: 1_000,
        timers: 1_000,
        notices: 1_000,
        records: 10_000_000,
        storage_bytes: 30 << 30,
    };

    /// Of the host's own deeds: the largest organisation (20,000 accounts) and catalog (100,000 entries)
    /// in one change.
    pub const HOST: Self = Self {
        rows_read: 10_000_000,
        records_written: 200_000,
        host_bytes: 1 << 30,
        log_lines: 10_000,
        timers: 10_000,
        notices: 10_000,
        records: u64::MAX,
        storage_bytes: u64::MAX,
    };

    /// How much of `resource`.
    pub fn get(&self, resource: Resource) -> u64 {
        match resource {
            Resource::RowsRead => self.rows_read,
            Resource::RecordsWritten => self.records_written,
            Resource::HostBytes => self.host_bytes,
            Resource::LogLines => self.log_lines,
            Resource::Timers => self.timers,
            Resource::Notices => self.notices,
        }
    }
}

/// What a call has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Rows read.
    pub rows_read: u64,
    /// Records written.
    pub records_written: u64,
    /// Bytes across the boundary.
    pub host_bytes: u64,
    /// Log lines.
    pub log_lines: u64,
    /// Timers set.
    pub timers: u64,
    /// Notices sent.
    pub notices: u64,
    /// The time it takes, where that is limited: while a guest runs.
    pub time: Option<CallTime>,
}

/// After how many rows the time is looked at: the host reads them without the guest in between.
const ROWS_BETWEEN_LOOKS: u64 = 16;

impl Usage {
    /// Adds `amount` of `resource`, unless that is more than `limits` allow, or the time is up.
    pub fn spend(&mut self, limits: &Limits, resource: Resource, amount: u64) -> Result<(), Trip> {
        let used = match resource {
            Resource::RowsRead => &mut self.rows_read,
            Resource::RecordsWritten => &mut self.records_written,
            Resource::HostBytes => &mut self.host_bytes,
            Resource::LogLines => &mut self.log_lines,
            Resource::Timers => &mut self.timers,
            Resource::Notices => &mut self.notices,
        };
        let before = *used;
        *used = used.saturating_add(amount);
        let allowed = limits.get(resource);
        if *used > allowed {
            return Err(Trip { what: resource.as_str(), used: *used, allowed });
        }
        let looks =
            resource == Resource::RowsRead && before / ROWS_BETWEEN_LOOKS != *used / ROWS_BETWEEN_LOOKS;
        match &mut self.time {
            Some(time) if looks => time.check(),
            _ => Ok(()),
        }
    }
}

/// A limit that was reached: the call ends and nothing of it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Which, as manifests spell it.
    pub what: &'static str,
    /// How much the call would have used.
    pub used: u64,
    /// How much it may use.
    pub allowed: u64,
}

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the call reached its limit of {}: {} used, {} allowed", self.what, self.used, self.allowed)
    }
}

impl std::error::Error for Trip {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_holds_up_to_its_last_unit_and_trips_on_the_next() {
        let limits = Limits { rows_read: 10, ..Limits::PLUGIN };
        let mut usage = Usage::default();
        assert_eq!(usage.spend(&limits, Resource::RowsRead, 10), Ok(()));
        let trip = usage.spend(&limits, Resource::RowsRead, 1).unwrap_err();
        assert_eq!(trip, Trip { what: "rows-read", used: 11, allowed: 10 });
        assert_eq!(trip.to_string(), "the call reached its limit of rows-read: 11 used, 10 allowed");
        assert_eq!(usage.spend(&limits, Resource::LogLines, u64::MAX).unwrap_err().used, u64::MAX);
    }
}
