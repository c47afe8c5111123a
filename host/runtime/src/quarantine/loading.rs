//! A plugin that ends the whole host while it is loaded: noted before, forgotten after, so that the next start knows.
//!
//! ```text
//! DATA/plugins/loading    moment id times       there only while a plugin is loaded
//! ```
//! Compiling has limits of its own, and a panic is caught; this is for what neither stops, such as a process that the
//! machine kills. A start that is ended by hand at that moment is noted too, so one time is none.

use std::fs;
use std::path::{Path, PathBuf};

/// So many starts in a row that ended while a plugin was loaded keep it from being loaded.
const STARTS: u32 = 3;

/// The note.
pub(crate) struct Loading {
    path: PathBuf,
    /// What an earlier start left.
    left: Option<(i64, String, u32)>,
}

impl Loading {
    /// Looks at what an earlier start left.
    pub(crate) fn open(data: &Path) -> Self {
        let path = data.join("plugins").join("loading");
        let left = fs::read_to_string(&path).ok().and_then(|text| {
            let mut words = text.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?.to_owned(), words.next()?.parse().ok()?))
        });
        Self { path, left }
    }

    /// A plugin is about to be loaded; refused when that has ended the host too often since it was last released.
    pub(crate) fn begin(&self, id: &str, now: i64, released: Option<i64>) -> Result<(), String> {
        let left =
            self.left.as_ref().filter(|(at, left, _)| left == id && released.is_none_or(|it| it < *at));
        let times = left.map_or(0, |(_, _, times)| *times);
        if times >= STARTS {
            return Err(format!(
                "the host ended {times} times while it loaded this plugin; install another version, or let it be tried \
                 at the next start with `dinh plugin release {id}`"
            ));
        }
        if let Err(error) = fs::write(&self.path, format!("{now} {id} {}\n", times + 1)) {
            tracing::warn!(%error, path = %self.path.display(), "it cannot be noted which plugin is being loaded");
        }
        Ok(())
    }

    /// All are loaded. What was left of one that was not tried stays.
    pub(crate) fn done(&self) {
        let keep = self.left.as_ref().filter(|(_, _, times)| *times >= STARTS);
        let done = match keep {
            Some((at, id, times)) => fs::write(&self.path, format!("{at} {id} {times}\n")),
            None => fs::remove_file(&self.path),
        };
        if let Err(error) = done
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.path.display(), "the note on plugins that are loaded cannot be changed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_the_host_three_times_is_not_tried_a_fourth_until_it_is_released() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("plugins")).unwrap();
        for start in 1..=3 {
            let loading = Loading::open(data.path());
            loading.begin("good", start, None).unwrap();
            loading.begin("bad", start, None).unwrap();
            // Here the process ends.
        }
        for _ in 0..2 {
            let loading = Loading::open(data.path());
            loading.begin("good", 4, None).unwrap();
            let refused = loading.begin("bad", 4, None).unwrap_err();
            assert!(refused.contains("dinh plugin release bad"), "{refused}");
            loading.begin("other", 4, None).unwrap();
            loading.done();
        }
        let loading = Loading::open(data.path());
        assert!(loading.begin("bad", 6, Some(2)).is_err(), "released before it ended the host");
        loading.begin("bad", 6, Some(5)).unwrap();
        loading.done();
    }

    #[test]
    fn a_start_that_came_to_its_end_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("plugins")).unwrap();
        for start in 0..10 {
            let loading = Loading::open(data.path());
            loading.begin("good", start, None).unwrap();
            loading.done();
        }
        assert_eq!(fs::read_dir(data.path().join("plugins")).unwrap().count(), 0);
    }
}
