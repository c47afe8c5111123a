//! The keys of what lies sealed: missing, damaged, another deployment's, open to others, rotated, destroyed.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use dinh_tests::folder::{Account, Folder};
use dinh_tests::programs::{Ran, run_on};
use dinh_tests::server::Server;
use dinh_tests::visitor::{Response, Visitor, encoded};
use serde_json::{Value, json};
use totp_rs::{Builder, Totp};

/// A demo account with a second factor, whose secret is what the platform seals for itself.
struct Sealed {
    folder: Folder,
    account: Account,
    secret: Vec<u8>,
    codes: Vec<String>,
}

impl Sealed {
    fn new() -> Self {
        let folder = Folder::demo();
        let account = folder.outsider();
        let server = Server::start(folder.path());
        let program = server.visitor().program(&account.account, &account.password);
        let page = program.get_json("/account/second-factor").expect(200).json();
        let text = |name: &str| page[name].as_str().unwrap().to_owned();
        let secret = data_encoding::BASE32_NOPAD.decode(text("secret").as_bytes()).unwrap();
        let fields = [
            ("action", "enrol"),
            ("secret", &text("secret")),
            ("seal", &text("seal")),
            // The one before, so that two more are good.
            ("code", &code(&secret, -30)),
            ("password", &account.password),
        ];
        let kind = "application/x-www-form-urlencoded";
        let enrolled = program
            .send("/account/second-factor", "application/json", kind, encoded(&fields).as_bytes())
            .expect(200)
            .json();
        let codes = enrolled["recovery_codes"].as_array().unwrap();
        let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert!(server.stop().success());
        Self { folder, account, secret, codes }
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("keys/0-dinh.1.key")
    }

    fn sign_in(&self, server: &Server, otp: &str) -> Response {
        let who = json!({ "account": self.account.account, "password": self.account.password, "otp": otp });
        Visitor::new(&server.pages).post_json("/api/v1/session", &who)
    }

    fn run(&self, words: &[&str]) -> Ran {
        run_on(self.folder.path(), &[words, &["--as-operator", "--reason", "thử khoá"]].concat())
    }

    fn report(&self) -> Value {
        run_on(self.folder.path(), &["doctor", "--json"]).json()
    }

    /// The server starts and serves, what is sealed is unavailable, and the log and the doctor say why and what to do.
    fn is_unavailable(&mut self, said: &[&str]) {
        let server = Server::start(self.folder.path());
        let refused = self.sign_in(&server, &code(&self.secret, 0)).expect(503);
        let problem = refused.json();
        assert_eq!(problem["type"], "/problems/sealed-data-unavailable");
        assert!(!refused.body.contains(".key"), "nothing of files is told to whoever asks: {problem}");
        // Recovery codes are not sealed, and open.
        let recovery = self.codes.pop().unwrap();
        self.sign_in(&server, &recovery).expect(200);
        let problem = self.report()["keys"][0]["problem"].as_str().unwrap().to_owned();
        let words = run_on(self.folder.path(), &["doctor"]).out;
        let log = server.into_log();
        for said in said {
            assert!(problem.contains(said), "{said}: {problem}");
            assert!(words.contains(said) && log.contains(said), "{said}: {words} {log}");
        }
    }
}

/// The code that a phone shows some seconds from now.
fn code(secret: &[u8], seconds: i64) -> String {
    let totp: Totp = Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(<[u8; 20]>::try_from(secret).unwrap())
        .build_noncompliant();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let then = now.as_secs().checked_add_signed(seconds).unwrap();
    totp.generate(then).to_string()
}

fn holds(file: &Path, what: &[u8]) -> bool {
    fs::read(file).unwrap().windows(what.len()).any(|window| window == what)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_secret_of_a_phone_is_not_in_the_store_and_its_key_is_kept_apart() {
    let sealed = Sealed::new();
    let store = sealed.folder.path().join("dinh.redb");
    let text = data_encoding::BASE32_NOPAD.encode(&sealed.secret);
    for form in [&sealed.secret[..], text.as_bytes()] {
        assert!(!holds(&store, form));
    }
    assert!(holds(&store, sealed.account.account.as_bytes()), "the search finds what is there");
    assert_eq!((mode(&sealed.key()), mode(sealed.key().parent().unwrap())), (0o600, 0o700));

    let report = sealed.report();
    assert_eq!((&report["keys"][0]["owner"], &report["keys"][0]["problem"]), (&json!("dinh"), &Value::Null));
    assert!(report["keys_kept_by"]["vi"].as_str().unwrap().contains("không phải sản phẩm"));
    let server = Server::start(sealed.folder.path());
    sealed.sign_in(&server, &code(&sealed.secret, 0)).expect(200);
    assert!(server.into_log().contains("is not the product"), "said at every start");
}

#[test]
fn a_key_that_is_missing_cut_off_foreign_or_open_to_others_has_one_clear_outcome_each() {
    let mut sealed = Sealed::new();
    let (key, good) = (sealed.key(), fs::read(sealed.key()).unwrap());
    let shown = key.to_str().unwrap().to_owned();

    fs::remove_file(&key).unwrap();
    sealed.is_unavailable(&[&shown, "is missing", "backup of the keys"]);

    let put = |bytes: &[u8]| {
        fs::write(&key, bytes).unwrap();
        fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    };
    put(&good[..good.len() / 2]);
    sealed.is_unavailable(&[&shown, "is damaged", "backup of the keys"]);

    // The platform's key of a deployment is made with the first form that somebody sends there.
    let other = Folder::another_demo();
    put(&fs::read(other.path().join("keys/0-dinh.1.key")).unwrap());
    sealed.is_unavailable(&[&shown, "another deployment", "the one of this data folder"]);

    put(&good);
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    sealed.is_unavailable(&[&format!("chmod 600 {shown}"), "mode 644", "dinh key rotate"]);

    // As it was, it is used at once, also by a server that was started without it.
    fs::remove_file(&key).unwrap();
    let server = Server::start(sealed.folder.path());
    sealed.sign_in(&server, &code(&sealed.secret, 0)).expect(503);
    put(&good);
    sealed.sign_in(&server, &code(&sealed.secret, 0)).expect(200);
    assert!(server.stop().success());
}

#[test]
fn keys_are_rotated_while_the_server_runs_and_destroyed_by_their_name_said_twice() {
    let sealed = Sealed::new();
    let server = Server::start(sealed.folder.path());
    let administrator = sealed.folder.with_role("dinh.administrator").account;
    let as_administrator =
        |words: &[&str]| run_on(sealed.folder.path(), &[words, &["--as", &administrator, "--json"]].concat());
    assert!(as_administrator(&["key", "rotate"]).refusal().contains("owner of the data folder"));
    // The platform's own, that of personnel, which knows identity numbers, that of party finance, which knows who was
    // paid, and that of inspection, which is all Mật.
    assert_eq!(sealed.run(&["key", "rotate", "--json"]).json()["rotated"], 4);
    assert!(!sealed.key().exists() && sealed.folder.path().join("keys/0-dinh.2.key").exists());
    sealed.sign_in(&server, &code(&sealed.secret, 0)).expect(200);
    assert_eq!(as_administrator(&["key", "list"]).json()["keys"][0]["wrapped_by"], "0-dinh.2");

    assert!(sealed.run(&["key", "destroy", "dinh", "--confirm", "dihn"]).refusal().contains("gone for good"));
    let never = sealed.run(&["key", "destroy", "pci-index", "--confirm", "pci-index"]);
    assert!(never.refusal().contains("so it has no key"), "{never:?}");
    let destroyed = sealed.run(&["key", "destroy", "dinh", "--confirm", "dinh"]);
    assert!(destroyed.out.contains("backups of the key"), "{destroyed:?}");
    assert!(!sealed.folder.path().join("keys/0-dinh.2.key").exists());
    let gone = sealed.sign_in(&server, &code(&sealed.secret, 30)).expect(410).json();
    assert_eq!(gone["type"], "/problems/data-destroyed");
    assert!(gone.to_string().contains("Dữ liệu đã huỷ"), "{gone}");
    let history =
        run_on(sealed.folder.path(), &["audit", "list", "--action", "key.", "--as-operator", "--json"]);
    for action in ["key.created", "key.rotated", "key.destroyed"] {
        assert!(history.out.contains(action), "{action}: {history:?}");
    }
    let log = server.into_log();
    assert!(!log.contains(&data_encoding::BASE32_NOPAD.encode(&sealed.secret)), "{log}");
    let server = Server::start(sealed.folder.path());
    server.visitor().get("/sign-in").expect(200);
    assert!(server.into_log().contains("was destroyed with its key"));
}
