//! Whoever comes to approve has a password of their own first.
//!
//! Otherwise one person could be two: ask for an account whose temporary password they know, have it approved, then
//! ask that it may approve. However the right comes, by a grant, a position, with an import, a delegation or as a unit's
//! head, whose consent a delegation needs: it is not in force before its person has signed in and chosen a password.
//! Afterwards nobody else sets that password (`people::rank`).

use dinh_access::Grantee;
use dinh_model::{AccountId, GrantId};

use super::Asked;
use crate::accounts::{grants, had, passwords, people, positions, roles};
use crate::{Call, ServiceError};

/// Goes on only if nobody would come to approve whose password somebody else chose. Break-glass goes on.
pub(super) fn have_their_own_passwords(call: &Call, asked: &Asked) -> Result<(), ServiceError> {
    if call.origin.operator {
        return Ok(());
    }
    for account in approvers(call, asked)? {
        let account = people::get_account(call, account)?;
        if !passwords::is_own(call, &account)? {
            return Err(ServiceError::refused(
                "own-password-first",
                people::subject(account.id),
                format!(
                    "“{}” chưa tự đặt mật khẩu nên chưa nhận được quyền phê duyệt: người đó cần đăng nhập, đổi mật khẩu, rồi hãy phê duyệt đề nghị này.",
                    account.login
                ),
                format!(
                    "“{}” has a password that somebody else chose, and cannot come to approve; let that person sign in and change it, then approve this.",
                    account.login
                ),
            ));
        }
    }
    Ok(())
}

/// Who would come to approve by what is asked for.
fn approvers(call: &Call, asked: &Asked) -> Result<Vec<AccountId>, ServiceError> {
    let (approves, people) = match asked {
        Asked::Grant(grant) => (roles::approves(call, &grant.role)?, holders(call, grant.to)?),
        Asked::Holding { account, grants, .. } => (one_approves(call, grants)?, vec![*account]),
        Asked::Delegation { borrower, grants, .. } => (one_approves(call, grants)?, vec![*borrower]),
        Asked::Head { account, .. } => (true, vec![*account]),
        Asked::Accounts { positions, .. } => {
            let mut people = Vec::new();
            for asked in positions {
                if one_approves(call, &asked.grants)? {
                    people.extend(&asked.holders);
                }
            }
            (true, people)
        }
        // None of these gives anybody a role that they have nowhere yet: an account alone has none, a clearance and a
        // transfer add none, and what comes with a root or by a move is had already.
        Asked::Account(_)
        | Asked::Clearance { .. }
        | Asked::Transfer { .. }
        | Asked::Move { .. }
        | Asked::Root { .. }
        | Asked::Entries(_) => return Ok(Vec::new()),
    };
    Ok(if approves { people } else { Vec::new() })
}

/// Who has what is given to an account or a position, or will when their term begins.
fn holders(call: &Call, to: Grantee) -> Result<Vec<AccountId>, ServiceError> {
    Ok(match to {
        Grantee::Account(account) => vec![account],
        Grantee::Position(position) => {
            let held = positions::holders(call, position)?.into_iter();
            let lasting = held.filter(|held| held.term.until.is_none_or(|until| call.now() < until));
            lasting.map(|held| held.account).collect()
        }
    })
}

fn one_approves(call: &Call, ids: &[GrantId]) -> Result<bool, ServiceError> {
    let found: Result<Vec<_>, _> = ids.iter().map(|id| grants::get_grant(call, *id)).collect();
    had::approves(call, &found?)
}
