//! Keys in files: the provider that comes with the platform, for deployments that do not have the state's own product
//! yet, and it says so.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use dinh_model::Localized;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::DataKey;
use super::provider::{KeyBytes, KeyError, KeyName, KeyProvider};
use crate::platform;

/// What every key file begins with.
const FORMAT: &str = "dinh-key-1";
/// Rights of others, which neither a key nor its folder may give.
const OTHERS: u32 = 0o077;
/// Most bytes of a key file that are looked at.
const LONGEST: u64 = 1_000;

/// Keys in files of one folder, `NAME.key`, one line each: format, name, key in base64, and the first 8 bytes of the
/// SHA-256 of what stands before, so that a file that was cut off or mistyped is told from another key.
#[derive(Clone, Debug)]
pub struct SoftwareKeys {
    folder: PathBuf,
}

impl SoftwareKeys {
    /// In that folder, which is made with the first key.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, name: &KeyName) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }

    /// The key of that name, if it is there whole and shut to others.
    fn read(&self, name: &KeyName) -> Result<KeyBytes, KeyError> {
        let path = self.path(name);
        let opened = File::open(&path);
        let mut file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { place: shown(&path) },
            _ => failed(&path)(error),
        })?;
        shut(&self.folder, &fs::metadata(&self.folder).map_err(failed(&self.folder))?, "chmod 700")?;
        shut(&path, &file.metadata().map_err(failed(&path))?, "chmod 600")?;
        let mut text = Zeroizing::new(Vec::new());
        (&mut file).take(LONGEST).read_to_end(&mut text).map_err(failed(&path))?;
        match parse(&text) {
            Some((named, key)) if named == name.as_str() => Ok(key),
            Some(_) => Err(KeyError::Foreign { place: shown(&path) }),
            None => Err(KeyError::Damaged { place: shown(&path) }),
        }
    }

    /// Writes a new key under a name of its own first, then gives it its place, unless that is taken: a key is there
    /// whole or not at all, and none ever replaces another.
    fn write(&self, name: &KeyName, key: &KeyBytes) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let (path, part) = (self.path(name), self.folder.join(format!("{name}.{}.new", suffix()?)));
        let mut to = File::options().write(true).create_new(true).mode(0o600).open(&part)?;
        let written = to.write_all(&line(name, key)).and_then(|()| to.sync_all());
        let placed = written.and_then(|()| match fs::hard_link(&part, &path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            placed => placed,
        });
        fs::remove_file(&part)?;
        placed?;
        File::open(&self.folder)?.sync_all()?;
        // The folder itself may be new.
        self.folder.parent().map_or(Ok(()), |above| File::open(above)?.sync_all())
    }
}

impl KeyProvider for SoftwareKeys {
    fn create(&self, name: &KeyName) -> Result<(), KeyError> {
        match self.read(name) {
            Err(KeyError::Missing { .. }) => {}
            there => return there.map(drop),
        }
        let path = self.path(name);
        let drawn: [u8; 32] = platform::random().map_err(|error| failed(&path)(io::Error::other(error)))?;
        self.write(name, &Zeroizing::new(drawn)).map_err(failed(&path))?;
        self.read(name).map(drop)
    }

    fn wrap(&self, name: &KeyName, data_key: &KeyBytes, about: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = DataKey::new(&self.read(name)?, 0);
        let sealed = key.seal(&[b"key", name.as_str().as_bytes(), about], &**data_key);
        sealed.map_err(|error| failed(&self.path(name))(io::Error::other(error)))
    }

    fn unwrap(&self, name: &KeyName, wrapped: &[u8], about: &[u8]) -> Result<KeyBytes, KeyError> {
        let key = DataKey::new(&self.read(name)?, 0);
        let opened = key.open(&[b"key", name.as_str().as_bytes(), about], wrapped, name.as_str());
        let bytes = opened.ok().and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new));
        bytes.ok_or_else(|| KeyError::Foreign { place: shown(&self.path(name)) })
    }

    /// Writes over the file before it is removed. On a disk that remaps or a file system that copies what it changes
    /// that is no more than removing it; backups of the keys have to be destroyed, too.
    fn destroy(&self, name: &KeyName) -> Result<(), KeyError> {
        let path = self.path(name);
        let overwrite = || -> io::Result<()> {
            let mut file = File::options().write(true).open(&path)?;
            let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
            file.write_all(&vec![0; length])?;
            file.sync_all()?;
            fs::remove_file(&path)?;
            File::open(&self.folder)?.sync_all()
        };
        match overwrite() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done.map_err(failed(&path)),
        }
    }

    fn describe(&self) -> Localized {
        Localized::new(
            "Khoá niêm phong do phần mềm của Đình giữ, trong tệp; đây không phải sản phẩm mật mã của cơ quan cơ yếu \
             mà quy định yêu cầu cho thông tin Mật (Quyết định 1749-QĐ/TU năm 2015, điều 12.2)",
            "the keys are kept by Đình's own software, in files; it is not the product of the state's cipher agency \
             that the regulation asks for where documents are Mật (Quyết định 1749-QĐ/TU of 2015, điều 12.2)",
        )
    }
}

/// What a key file holds.
fn line(name: &KeyName, key: &KeyBytes) -> Zeroizing<Vec<u8>> {
    let encoded = Zeroizing::new(BASE64.encode(&**key));
    let said = Zeroizing::new(format!("{FORMAT} {name} {} ", encoded.as_str()));
    Zeroizing::new(format!("{}{}\n", said.as_str(), check(&said)).into_bytes())
}

/// The name and the key of a key file; none when it is not whole.
fn parse(text: &[u8]) -> Option<(&str, KeyBytes)> {
    let text = std::str::from_utf8(text).ok()?;
    let (said, sum) = text.trim_end().split_at_checked(text.trim_end().rfind(' ')? + 1)?;
    let mut words = said.split(' ');
    let (FORMAT, name, key) = (words.next()?, words.next()?, words.next()?) else { return None };
    let bytes = Zeroizing::new(BASE64.decode(key.as_bytes()).ok()?);
    let key = bytes.as_slice().try_into().ok().map(Zeroizing::new)?;
    (check(said) == sum).then_some((name, key))
}

fn check(said: &str) -> String {
    HEXLOWER.encode(Sha256::digest(said).get(..8).unwrap_or_default())
}

/// Goes on only if a file or folder gives others no right.
fn shut(path: &Path, found: &fs::Metadata, remedy: &str) -> Result<(), KeyError> {
    let mode = found.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(KeyError::Exposed { place: shown(path), mode, remedy: format!("{remedy} {}", shown(path)) })
}

fn suffix() -> io::Result<String> {
    platform::random::<8>().map(|bytes| HEXLOWER.encode(&bytes)).map_err(io::Error::other)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let place = shown(path);
    move |error| KeyError::Failed { place, why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> KeyName {
        KeyName::new(7, &"can-bo".parse().unwrap(), 1)
    }

    fn keys() -> (tempfile::TempDir, SoftwareKeys) {
        let folder = tempfile::tempdir().unwrap();
        let keys = SoftwareKeys::new(folder.path().join("keys"));
        keys.create(&name()).unwrap();
        (folder, keys)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_key_wraps_and_unwraps_and_is_kept_for_its_owner_alone() {
        let (folder, keys) = keys();
        let data_key = Zeroizing::new([9; 32]);
        let wrapped = keys.wrap(&name(), &data_key, b"can-bo").unwrap();
        assert_eq!(keys.unwrap(&name(), &wrapped, b"can-bo").unwrap(), data_key);
        let reopened = SoftwareKeys::new(folder.path().join("keys"));
        assert_eq!(reopened.unwrap(&name(), &wrapped, b"can-bo").unwrap(), data_key);
        assert!(matches!(keys.unwrap(&name(), &wrapped, b"other"), Err(KeyError::Foreign { .. })));
        assert_eq!((mode(&keys.folder), mode(&keys.path(&name()))), (0o700, 0o600));
        let left: Vec<_> = fs::read_dir(&keys.folder).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(left, ["7-can-bo.1.key"], "nothing half is left");
    }

    #[test]
    fn a_key_that_is_there_is_kept_when_it_is_made_again() {
        let (_folder, keys) = keys();
        let before = fs::read(keys.path(&name())).unwrap();
        keys.create(&name()).unwrap();
        keys.write(&name(), &Zeroizing::new([1; 32])).unwrap();
        assert_eq!(fs::read(keys.path(&name())).unwrap(), before);
    }

    #[test]
    fn missing_cut_off_foreign_and_exposed_each_have_their_own_outcome_and_remedy() {
        let (_folder, keys) = keys();
        let (path, good) = (keys.path(&name()), fs::read(keys.path(&name())).unwrap());
        let data_key = Zeroizing::new([9; 32]);
        let wrapped = keys.wrap(&name(), &data_key, b"").unwrap();
        let outcome = || keys.unwrap(&name(), &wrapped, b"").unwrap_err();

        for cut in [0, 10, good.len() / 2, good.len() - 3] {
            fs::write(&path, &good[..cut]).unwrap();
            assert!(matches!(outcome(), KeyError::Damaged { .. }), "{cut}");
        }
        // Another key under the right name, and a right key under another one.
        fs::write(&path, &*line(&name(), &Zeroizing::new([1; 32]))).unwrap();
        assert!(matches!(outcome(), KeyError::Foreign { .. }));
        let other = KeyName::new(8, &"can-bo".parse().unwrap(), 1);
        fs::write(&path, &*line(&other, &Zeroizing::new([1; 32]))).unwrap();
        assert!(outcome().to_string().contains("perhaps of another deployment"));

        fs::write(&path, &good).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let said = outcome().to_string();
        assert!(said.contains(&format!("chmod 600 {}", path.display())) && said.contains("644"), "{said}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(&keys.folder, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(outcome().to_string().contains(&format!("chmod 700 {}", keys.folder.display())));
        fs::set_permissions(&keys.folder, fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(keys.unwrap(&name(), &wrapped, b"").unwrap(), data_key);

        fs::remove_file(&path).unwrap();
        let said = outcome().to_string();
        assert!(said.contains(&shown(&path)) && said.contains("backup of the keys"), "{said}");
    }

    #[test]
    fn a_destroyed_key_is_gone_and_destroying_it_twice_is_no_error() {
        let (_folder, keys) = keys();
        // A second name of the same file shows what was written over it.
        let witness = keys.folder.join("witness");
        fs::hard_link(keys.path(&name()), &witness).unwrap();
        keys.destroy(&name()).unwrap();
        assert!(!keys.path(&name()).exists());
        assert!(fs::read(&witness).unwrap().iter().all(|byte| *byte == 0));
        keys.destroy(&name()).unwrap();
    }

    #[test]
    fn it_says_that_it_is_not_the_product_that_the_regulation_asks_for() {
        let said = SoftwareKeys::new("x").describe();
        assert!(said.vi.contains("không phải sản phẩm") && said.en.contains("is not the product"));
    }
}
