//! Access tokens (mã truy cập): what a person gives to a program, apart from their own sessions.
//!
//! A token acts for its person, within its **scope**: some plugins or some of their permissions, perhaps reading
//! only, for at most a year. What it may is the intersection of that scope and what the person may at the moment
//! of asking. The scope travels in the [`Origin`] and is looked at where every permission is
//! ([`Call::permission_index`]). No scope reaches the platform's own permissions, and what a person does to their own account
//! asks for a person.
//!
//! It is 256 random bits, shown once, stored as SHA-256, and looked up like a session.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::{AccountId, Permission, PluginId, RecordId, Timestamp, key as keys, time};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::stored_sessions::TokenHash;
use crate::accounts::{Account, Password, names, passwords, people, rank, roles};
use crate::call::decode;
use crate::permissions::{DATASET_READ, LABEL_EXPORT};
use crate::{Call, Origin, Platform, ServiceError, Thing, platform, space};

/// What every access token begins with, so that it is recognised where it was left lying.
pub(in crate::accounts) const PREFIX: &str = "dinh_";
/// The longest term.
pub const LONGEST_TERM: Duration = Duration::from_secs(366 * 24 * 3600);
/// Most plugins and permissions of one scope.
const SCOPE_MOST: usize = 100;

/// What an access token reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenScope {
    /// The token's name in lists and evidence; it opens nothing.
    pub token: RecordId,
    /// All permissions of these plugins.
    pub plugins: Vec<PluginId>,
    /// These permissions besides.
    pub permissions: Vec<Permission>,
    /// Nothing is written.
    pub read_only: bool,
}

impl TokenScope {
    /// Whether it reaches a permission. Of the platform's own only those by which programs read datasets, where they are
    /// named.
    pub fn reaches(&self, permission: &Permission) -> bool {
        let plugin = permission.plugin();
        if plugin == PluginId::PLATFORM {
            return is_for_programs(permission) && self.permissions.contains(permission);
        }
        self.plugins.iter().any(|reached| reached.as_str() == plugin) || self.permissions.contains(permission)
    }
}

/// Whether a permission of the platform may be lent to a program: reading datasets, and taking out what of them is
/// confidential.
fn is_for_programs(permission: &Permission) -> bool {
    [&*DATASET_READ, &*LABEL_EXPORT].contains(&permission)
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, such as the name of the program.
    pub name: String,
    /// All permissions of these plugins.
    pub plugins: Vec<PluginId>,
    /// These permissions besides. One plugin or permission at least.
    pub permissions: Vec<Permission>,
    /// It may only read.
    pub read_only: bool,
    /// When it ends: later than now, within 366 days.
    pub expires: Timestamp,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct MadeToken {
    /// What the program shows; shown once, stored only as a hash.
    pub token: String,
    /// Its name in lists and evidence.
    pub id: RecordId,
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Its name in lists and evidence.
    pub id: RecordId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// What it reaches.
    pub scope: Arc<TokenScope>,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was last used, to some minutes; none when it never was.
    pub used: Option<Timestamp>,
}

/// A token as it is stored, under its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct StoredToken {
    id: RecordId,
    pub(in crate::accounts) account: AccountId,
    name: String,
    plugins: Vec<PluginId>,
    permissions: Vec<Permission>,
    read_only: bool,
    /// Microseconds, as all moments here.
    made: i64,
    pub(in crate::accounts) expires: i64,
    pub(in crate::accounts) used: Option<i64>,
}

impl StoredToken {
    pub(in crate::accounts) fn shown(self) -> AccessToken {
        let moment = |microseconds| time::from_microseconds(microseconds).unwrap_or_default();
        AccessToken {
            id: self.id,
            account: self.account,
            name: self.name,
            scope: Arc::new(TokenScope {
                token: self.id,
                plugins: self.plugins,
                permissions: self.permissions,
                read_only: self.read_only,
            }),
            made: moment(self.made),
            expires: moment(self.expires),
            used: self.used.map(moment),
        }
    }
}

/// Makes an access token for the person who acts, who knows their password: a session that was left open makes
/// none. A wrong password counts towards the lock-out of the name.
pub fn make_token(
    platform: &Platform,
    origin: &Origin,
    password: &Password,
    new: &NewToken,
) -> Result<MadeToken, ServiceError> {
    let name = names::shown(names::Shown::TokenName, &new.name)?;
    within_bounds(new, origin.now)?;
    let known = passwords::own(platform, origin, password, "token.make-failed")?;
    let token = format!("{PREFIX}{}", data_encoding::BASE64URL_NOPAD.encode(&platform::random::<32>()?));
    let hash: TokenHash = Sha256::digest(token.as_bytes()).into();
    let most = platform.options().tokens_per_account;
    let id = platform.perform(&known.origin, |call| {
        let account = known.still(call)?;
        for permission in &new.permissions {
            if !roles::is_known(call, permission)? {
                return Err(ServiceError::not_found(Thing::Permission, permission));
            }
        }
        let now = time::microseconds(call.now());
        let mut standing = 0;
        for (id, hash) in of(call, account.id)? {
            match call.load::<StoredToken>(&key(&hash))? {
                Some(stored) if now < stored.expires => standing += 1,
                _ => forget(call, account.id, id, &hash),
            }
        }
        if standing >= most {
            return Err(ServiceError::invalid(
                format!("Mỗi tài khoản có tối đa {most} mã truy cập. Hãy thu hồi mã không còn dùng."),
                format!("An account has at most {most} access tokens. Revoke one that is not used any more."),
            ));
        }
        let id = call.new_record_id();
        let stored = StoredToken {
            id,
            account: account.id,
            name: name.clone(),
            plugins: new.plugins.clone(),
            permissions: new.permissions.clone(),
            read_only: new.read_only,
            made: now,
            expires: time::microseconds(new.expires),
            used: None,
        };
        call.save(key(&hash), &stored)?;
        call.save(of_key(account.id, Some(id)), &hash)?;
        call.evidence(
            "token.made",
            people::subject(account.id),
            [
                ("made", id.to_string()),
                ("plugins", new.plugins.iter().map(PluginId::as_str).collect::<Vec<_>>().join(" ")),
                ("permissions", new.permissions.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")),
                ("read-only", new.read_only.to_string()),
                ("expires", new.expires.to_string()),
            ],
        );
        Ok(id)
    })?;
    Ok(MadeToken { token, id })
}

/// The access tokens of an account, oldest first, those that are over included until the next one is made.
/// Everybody may see their own; others' need `dinh.account.manage` for the account's unit.
pub fn list_tokens(call: &mut Call, account: AccountId) -> Result<Vec<AccessToken>, ServiceError> {
    own_or_managed(call, account)?;
    let mut found = Vec::new();
    for (_, hash) in of(call, account)? {
        found.extend(call.load::<StoredToken>(&key(&hash))?.map(StoredToken::shown));
    }
    Ok(found)
}

/// Revokes an access token: from the commit on it opens nothing. Its owner may, and whoever may suspend the account.
/// Whether there was one.
pub fn revoke_token(call: &mut Call, account: AccountId, id: RecordId) -> Result<bool, ServiceError> {
    own_or_outranked(call, account)?;
    let Some(hash) = call.load::<TokenHash>(&of_key(account, Some(id)))? else { return Ok(false) };
    forget(call, account, id, &hash);
    call.evidence("token.revoked", people::subject(account), [("revoked", id.to_string())]);
    Ok(true)
}

/// The account, for its owner, signed in themselves, and for those who manage it.
pub(in crate::accounts) fn own_or_managed(
    call: &mut Call,
    account: AccountId,
) -> Result<Account, ServiceError> {
    if call.account() == Some(account) && call.origin.scope.is_none() {
        return people::get_account(call, account);
    }
    people::managed(call, account)
}

/// The account, for its owner, signed in themselves, and for those who could suspend it.
pub(in crate::accounts) fn own_or_outranked(
    call: &mut Call,
    account: AccountId,
) -> Result<Account, ServiceError> {
    let own = call.account() == Some(account) && call.origin.scope.is_none();
    let account = own_or_managed(call, account)?;
    if !own {
        rank::over_activity(call, &account)?;
    }
    Ok(account)
}

/// How many access tokens an account has, those that are over included until the next one is made.
pub(in crate::accounts) fn count(call: &Call, account: AccountId) -> Result<usize, ServiceError> {
    Ok(of(call, account)?.len())
}

/// Revokes all access tokens of an account, for whoever may end its sessions; how many there were.
pub(in crate::accounts) fn revoke_all(call: &mut Call, account: AccountId) -> Result<usize, ServiceError> {
    let found = of(call, account)?;
    for (id, hash) in &found {
        forget(call, account, *id, hash);
        call.evidence("token.revoked", people::subject(account), [("revoked", id.to_string())]);
    }
    Ok(found.len())
}

fn within_bounds(new: &NewToken, now: Timestamp) -> Result<(), ServiceError> {
    let reached = new.plugins.len() + new.permissions.len();
    let platforms = new.plugins.iter().any(|plugin| plugin.as_str() == PluginId::PLATFORM)
        || new
            .permissions
            .iter()
            .any(|permission| permission.plugin() == PluginId::PLATFORM && !is_for_programs(permission));
    if platforms {
        return Err(ServiceError::invalid(
            "Mã truy cập không dùng được cho việc quản trị hệ thống. Hãy chọn ứng dụng hoặc quyền của ứng dụng.",
            "No access token reaches the administration of the platform. Choose plugins or permissions of plugins.",
        ));
    }
    if reached == 0 || reached > SCOPE_MOST {
        return Err(ServiceError::invalid(
            format!("Hãy chọn từ 1 đến {SCOPE_MOST} ứng dụng hoặc quyền cho mã truy cập."),
            format!("Choose 1 to {SCOPE_MOST} plugins or permissions for the access token."),
        ));
    }
    let term = time::microseconds(new.expires).saturating_sub(time::microseconds(now));
    if term <= 0 || term > crate::accounts::attempts::microseconds(LONGEST_TERM) {
        return Err(ServiceError::invalid(
            "Hạn dùng của mã truy cập phải sau hôm nay và không quá 366 ngày.",
            "An access token ends after today and within 366 days.",
        ));
    }
    Ok(())
}

/// The tokens of an account.
fn of(call: &Call, account: AccountId) -> Result<Vec<(RecordId, TokenHash)>, ServiceError> {
    let start = of_key(account, None);
    let end = keys::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        let (key, stored) = item?;
        if let Some(id) = crate::accounts::stored_sessions::trailing_id(&key) {
            found.push((id, decode(&key, &stored.value)?));
        }
    }
    Ok(found)
}

fn forget(call: &mut Call, account: AccountId, id: RecordId, hash: &TokenHash) {
    call.transaction.delete(key(hash));
    call.transaction.delete(of_key(account, Some(id)));
    call.people_changed();
}

pub(in crate::accounts) fn key(hash: &TokenHash) -> Vec<u8> {
    space::key(space::ACCESS_TOKEN, &[hash])
}

fn of_key(account: AccountId, id: Option<RecordId>) -> Vec<u8> {
    crate::accounts::stored_sessions::of_key(space::ACCESS_TOKEN_OF, account, id)
}
