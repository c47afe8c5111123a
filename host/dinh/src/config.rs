//! `dinh serve --config FILE`: what a deployment sets, in TOML. An option on the command line goes before the
//! file, the file before what is usual.
//!
//! ```text
//! init, serve ── read FILE ──▶ DIR/served.toml ──▶ commands on the folder while no server runs
//! ```
//! The folder keeps a copy of what its server was last started with, so that a command which finds the server stopped
//! takes the same passwords and asks the same of people; wherever the file itself went meanwhile.
//!
//! ```toml
//! listen = "127.0.0.1:8080"
//! admin-listen = "127.0.0.1:8081"
//! proxies = ["127.0.0.1"]         # proxies with TLS in front of us, on this machine
//!
//! [session]
//! idle = "30m"                    # without a request: 1s to 24h
//! absolute = "12h"                # from signing in: 1s to 168h, not less than idle
//!
//! [sign-in]
//! lock-after = 5                  # wrong passwords in a row: 3 to 20
//! lock-for = "15m"                # 1m to 24h
//! second-factor-roles = ["dinh.administrator"]   # whoever holds one of these enrols a second factor
//!
//! [password]
//! length = 10                     # fewest characters: 10 to 64
//! temporary-days = 14             # a password that somebody else set, to be changed: 1 to 90
//! breached = "/srv/pwned.txt"     # absolute; sorted lines of hexadecimal SHA-1
//!
//! [sharing]
//! copies-days = 10                # to remove or justify copies when their contract has ended: 1 to 90
//! [files]
//! size = 20                       # MB of an attached file: 1 to 512
//! per-field = 20                  # files of one field of a form: 1 to 100
//! per-plugin = 20                 # GB of all files of one plugin: 1 to 1000
//! waits = "24h"                   # for being attached to a record: 1h to 168h
//!
//! [witness]
//! file = "/mnt/usb/heads.txt"     # absolute, outside the data folder
//! every = "1h"                    # 1m to 168h
//! ```

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dinh_model::{PluginId, RoleId};
use dinh_services::accounts::list_roles;
use dinh_services::files::FileLimits;
use dinh_services::{Call, ServiceError, permissions};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};

use crate::folder::{self, Folder};

/// What the file may say. An unknown key is refused: a misspelt bound must not be taken for one that holds.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Where people and programs connect.
    pub listen: Option<SocketAddr>,
    /// Where monitoring connects.
    pub admin_listen: Option<SocketAddr>,
    /// Proxies with TLS in front of us.
    #[serde(default)]
    pub proxies: Vec<IpAddr>,
    #[serde(default)]
    session: Session,
    #[serde(default)]
    sign_in: SignIn,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    sharing: Sharing,
    #[serde(default)]
    files: Files,
    witness: Option<Witness>,
    /// As it was read; none without a file.
    #[serde(skip)]
    text: Option<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Session {
    #[serde(default, deserialize_with = "span::<1, { 24 * 3600 }, _>")]
    idle: Option<Duration>,
    #[serde(default, deserialize_with = "span::<1, { 168 * 3600 }, _>")]
    absolute: Option<Duration>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SignIn {
    #[serde(default, deserialize_with = "within::<3, 20, _>")]
    lock_after: Option<u32>,
    #[serde(default, deserialize_with = "span::<60, { 24 * 3600 }, _>")]
    lock_for: Option<Duration>,
    #[serde(default, deserialize_with = "known_roles")]
    second_factor_roles: Vec<RoleId>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Password {
    #[serde(default, deserialize_with = "within::<10, 64, _>")]
    length: Option<u32>,
    #[serde(default, deserialize_with = "within::<1, 90, _>")]
    temporary_days: Option<u32>,
    #[serde(default, deserialize_with = "perhaps_absolute")]
    breached: Option<PathBuf>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sharing {
    #[serde(default, deserialize_with = "within::<1, 90, _>")]
    copies_days: Option<u32>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Files {
    #[serde(default, deserialize_with = "within::<1, { (FileLimits::LARGEST >> 20) as u32 }, _>")]
    size: Option<u32>,
    #[serde(default, deserialize_with = "within::<1, 100, _>")]
    per_field: Option<u32>,
    #[serde(default, deserialize_with = "within::<1, 1000, _>")]
    per_plugin: Option<u32>,
    #[serde(default, deserialize_with = "span::<3600, { 168 * 3600 }, _>")]
    waits: Option<Duration>,
}

impl Files {
    fn limits(&self) -> FileLimits {
        let usual = FileLimits::default();
        FileLimits {
            file_bytes: self.size.map_or(usual.file_bytes, |mebibytes| u64::from(mebibytes) << 20),
            files_per_field: self.per_field.unwrap_or(usual.files_per_field),
            plugin_bytes: self.per_plugin.map_or(usual.plugin_bytes, |gibibytes| u64::from(gibibytes) << 30),
            waits: self.waits.unwrap_or(usual.waits),
            ..usual
        }
    }
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Witness {
    #[serde(deserialize_with = "absolute")]
    file: PathBuf,
    #[serde(default, deserialize_with = "span::<60, { 168 * 3600 }, _>")]
    every: Option<Duration>,
}

impl Config {
    /// Reads the file, if there is one to be read.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&file.display().to_string(), &text)
    }

    /// What the server of a folder was last started with; as usual before it was.
    pub fn of(folder: &Folder) -> Result<Self> {
        let kept = folder::served(folder.path());
        if !kept.exists() {
            return Ok(Self::default());
        }
        Self::read(Some(&kept)).context(
            "cannot tell what the server of this folder sets; start it once with its configuration, which is kept then",
        )
    }

    /// Keeps it in the folder, for commands while no server runs.
    pub fn keep(&self, folder: &Folder) -> Result<()> {
        let kept = folder::served(folder.path());
        let done = match &self.text {
            Some(text) => folder::write_durably(&kept, text.as_bytes()),
            None => match std::fs::remove_file(&kept) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        };
        done.with_context(|| format!("cannot keep the configuration in {}", kept.display()))
    }

    fn parse(file: &str, text: &str) -> Result<Self> {
        let mut config: Self = toml::from_str(text).map_err(|error| placed(file, text, &error))?;
        let usual = dinh_services::Options::default();
        let idle = config.session.idle.unwrap_or(usual.session_idle);
        let absolute = config.session.absolute.unwrap_or(usual.session_absolute);
        if idle > absolute {
            bail!(
                "{file}: session.idle is {}s and session.absolute {}s; the first may not be the longer one",
                idle.as_secs(),
                absolute.as_secs()
            );
        }
        config.text = Some(text.to_owned());
        Ok(config)
    }

    /// Sign-in, passwords, sessions and attached files as the file sets them.
    pub fn platform(&self) -> dinh_services::Options {
        let usual = dinh_services::Options::default();
        dinh_services::Options {
            session_idle: self.session.idle.unwrap_or(usual.session_idle),
            session_absolute: self.session.absolute.unwrap_or(usual.session_absolute),
            lock_after: self.sign_in.lock_after.unwrap_or(usual.lock_after),
            lock_for: self.sign_in.lock_for.unwrap_or(usual.lock_for),
            second_factor_roles: self.sign_in.second_factor_roles.clone(),
            password_length: self.password.length.map_or(usual.password_length, |length| length as usize),
            temporary_days: self.password.temporary_days.unwrap_or(usual.temporary_days),
            breached_passwords: self.password.breached.clone(),
            copies_days: self.sharing.copies_days.unwrap_or(usual.copies_days),
            files: self.files.limits(),
            ..usual
        }
    }

    /// The roles named here that no installed plugin and no person defined: nobody holds them. Perhaps their plugin is
    /// to be installed yet, so it is no error.
    pub fn unknown_roles(&self, call: &Call) -> Result<Vec<RoleId>, ServiceError> {
        let known = list_roles(call)?;
        let named = self.sign_in.second_factor_roles.iter();
        Ok(named.filter(|role| known.iter().all(|it| it.id != **role)).cloned().collect())
    }

    /// To which file heads of the evidence are handed, and how often.
    pub fn witness(&self) -> Option<(PathBuf, Duration)> {
        let witness = self.witness.as_ref()?;
        Some((witness.file.clone(), witness.every.unwrap_or(Duration::from_secs(3600))))
    }
}

/// A path that means the same wherever the server was started.
fn absolute<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    let path = PathBuf::deserialize(from)?;
    if !path.is_absolute() {
        let path = path.display();
        return Err(serde::de::Error::custom(format!("`{path}` is not absolute; begin it with `/`")));
    }
    Ok(path)
}

/// A span of time within bounds in seconds, as people write it: `30m`, `12h`, `1h 30m`.
fn span<'de, const LEAST: u64, const MOST: u64, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Duration>, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(from)?;
    let parsed = text.parse::<SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    let Some(span) = parsed else {
        return Err(D::Error::custom(format!("`{text}` is no span of time; write it as \"30m\" or \"12h\"")));
    };
    if !(LEAST..=MOST).contains(&span.as_secs()) {
        return Err(D::Error::custom(format!("{text} is out of bounds: {LEAST}s to {MOST}s")));
    }
    Ok(Some(span))
}

/// Roles, those of the platform among those that there are: a misspelt one would be held by nobody, and ask nobody.
fn known_roles<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RoleId>, D::Error> {
    let roles = Vec::<RoleId>::deserialize(from)?;
    let known: Vec<_> = permissions::roles().into_iter().map(|role| role.id).collect();
    let platform = |role: &&RoleId| role.as_str().split('.').next() == Some(PluginId::PLATFORM);
    match roles.iter().filter(platform).find(|role| !known.contains(role)) {
        None => Ok(roles),
        Some(role) => {
            let known: Vec<_> = known.iter().map(RoleId::as_str).collect();
            let known = known.join(", ");
            Err(serde::de::Error::custom(format!("there is no role `{role}`; the platform's are {known}")))
        }
    }
}

fn within<'de, const LEAST: u32, const MOST: u32, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<u32>, D::Error> {
    let count = u32::deserialize(from)?;
    if !(LEAST..=MOST).contains(&count) {
        return Err(serde::de::Error::custom(format!("{count} is out of bounds: {LEAST} to {MOST}")));
    }
    Ok(Some(count))
}

fn perhaps_absolute<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    absolute(from).map(Some)
}

/// The parser's words in one line, with the place they are about.
fn placed(file: &str, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let place = error.span().map_or(0, |span| span.start);
    let before = text.get(..place).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    let message = match message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", expected "))
    {
        Some((key, known)) => format!("unknown key {key}; remove it, or use {known}"),
        None => message,
    };
    anyhow::anyhow!("{file}:{line}:{column}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_does_not_say_is_as_usual() {
        let config =
            Config::parse("dinh.toml", "[session]\nidle = \"20m\"\n[sign-in]\nlock-after = 3\n").unwrap();
        let options = config.platform();
        assert_eq!(options.session_idle, Duration::from_secs(20 * 60));
        assert_eq!(options.session_absolute, Duration::from_secs(12 * 60 * 60));
        assert_eq!((options.lock_after, options.lock_for), (3, Duration::from_secs(15 * 60)));
        assert_eq!((options.password_length, options.breached_passwords), (10, None));
        assert!(options.second_factor_roles.is_empty());
        assert_eq!((options.temporary_days, options.copies_days), (14, 10));
        let options = Config::parse("dinh.toml", "[sharing]\ncopies-days = 5\n").unwrap().platform();
        assert_eq!(options.copies_days, 5);
        let set = "[password]\nlength = 14\ntemporary-days = 7\nbreached = \"/srv/pwned.txt\"\n[sign-in]\nsecond-factor-roles = [\"dinh.administrator\"]\n";
        let options = Config::parse("dinh.toml", set).unwrap().platform();
        assert_eq!(
            (options.password_length, options.breached_passwords),
            (14, Some("/srv/pwned.txt".into()))
        );
        assert_eq!(options.temporary_days, 7);
        assert_eq!(options.second_factor_roles, ["dinh.administrator".parse().unwrap()]);
        assert_eq!(options.files, FileLimits::default());
        let set = "[files]\nsize = 50\nper-field = 3\nper-plugin = 2\nwaits = \"2h\"\n";
        let files = Config::parse("dinh.toml", set).unwrap().platform().files;
        assert_eq!((files.file_bytes, files.files_per_field, files.plugin_bytes), (50 << 20, 3, 2 << 30));
        assert_eq!(files.waits, Duration::from_secs(7200));
        assert_eq!((config.listen, config.proxies.len(), config.witness()), (None, 0, None));
        let config = Config::parse("dinh.toml", "[witness]\nfile = \"/mnt/usb/heads.txt\"\n").unwrap();
        assert_eq!(config.witness(), Some(("/mnt/usb/heads.txt".into(), Duration::from_secs(3600))));
    }

    #[test]
    fn commands_know_what_the_server_was_last_started_with_wherever_that_file_is_now() {
        let outer = tempfile::tempdir().unwrap();
        let data = outer.path().join("data");
        let folder = Folder::begin(&data).unwrap();
        assert_eq!(Config::of(&folder).unwrap().platform().password_length, 10, "before any server");
        let file = outer.path().join("dinh.toml");
        std::fs::write(&file, "[password]\nlength = 14\ntemporary-days = 3\n[session]\nidle = \"5m\"\n")
            .unwrap();
        Config::read(Some(&file)).unwrap().keep(&folder).unwrap();
        std::fs::remove_file(&file).unwrap();
        let options = Config::of(&folder).unwrap().platform();
        assert_eq!((options.password_length, options.temporary_days), (14, 3));
        assert_eq!(options.session_idle, Duration::from_secs(300));
        // A server without a file is as usual, and so are commands after it; also when there was none before.
        for _ in 0..2 {
            Config::read(None).unwrap().keep(&folder).unwrap();
            assert_eq!(Config::of(&folder).unwrap().platform().password_length, 10);
        }
        // One of a later version, say: nothing is done under another policy.
        std::fs::write(folder::served(&data), "[password]\nlenght = 14\n").unwrap();
        let refused = crate::reply::refusal(&Config::of(&folder).unwrap_err());
        assert!(refused.contains("start it once") && refused.contains("served.toml:2:1"), "{refused}");
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line_and_the_remedy() {
        for (text, line, words) in [
            ("listen = \"127.0.0.1:1\"\nidle = 5\n", "dinh.toml:2:", "unknown key `idle`; remove it, or use"),
            ("[session]\nidle = \"soon\"\n", "dinh.toml:2:", "write it as \"30m\""),
            ("[session]\nidle = \"25h\"\n", "dinh.toml:2:", "1s to 86400s"),
            ("[session]\n\nabsolute = \"0s\"\n", "dinh.toml:3:", "1s to 604800s"),
            ("[sign-in]\nlock-after = 2\n", "dinh.toml:2:", "3 to 20"),
            ("[sign-in]\nlock-for = \"10s\"\n", "dinh.toml:2:", "60s to 86400s"),
            ("[sign-in]\nsecond-factor-roles = [\"Admin\"]\n", "dinh.toml:2:", "role"),
            (
                "[sign-in]\n\nsecond-factor-roles = [\"pci-index.editor\", \"dinh.adminstrator\"]\n",
                "dinh.toml:3:",
                "`dinh.adminstrator`; the platform's are dinh.administrator, dinh.director, dinh.head,",
            ),
            ("[password]\nlength = 9\n", "dinh.toml:2:", "10 to 64"),
            ("[password]\nlength = 65\n", "dinh.toml:2:", "10 to 64"),
            ("[password]\ntemporary-days = 0\n", "dinh.toml:2:", "1 to 90"),
            ("[password]\ntemporary-days = 91\n", "dinh.toml:2:", "1 to 90"),
            ("[sharing]\ncopies-days = 0\n", "dinh.toml:2:", "1 to 90"),
            ("[password]\nbreached = \"pwned.txt\"\n", "dinh.toml:2:", "begin it with `/`"),
            ("[files]\nsize = 513\n", "dinh.toml:2:", "1 to 512"),
            ("[files]\nper-field = 0\n", "dinh.toml:2:", "1 to 100"),
            ("[files]\nper-plugin = 1001\n", "dinh.toml:2:", "1 to 1000"),
            ("[files]\nwaits = \"30m\"\n", "dinh.toml:2:", "3600s to 604800s"),
            ("listen = \"here\"\n", "dinh.toml:1:", "socket address"),
            ("listen = \n", "dinh.toml:1:", ""),
            ("[witness]\nfile = \"heads.txt\"\n", "dinh.toml:2:", "begin it with `/`"),
            ("[witness]\nfile = \"/h\"\nevery = \"30s\"\n", "dinh.toml:3:", "60s to 604800s"),
            ("[witness]\nevery = \"1h\"\n", "dinh.toml:1:", "missing field `file`"),
            ("[session]\nidle = \"13h\"\n", "dinh.toml: ", "may not be the longer one"),
        ] {
            let refused = Config::parse("dinh.toml", text).unwrap_err().to_string();
            assert!(refused.contains(line) && refused.contains(words), "{text:?}: {refused}");
            assert_eq!(refused.lines().count(), 1, "{refused}");
        }
    }
}
