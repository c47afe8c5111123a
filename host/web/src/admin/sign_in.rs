//! How a person signs in, on their page: the second factor, where they are signed in, what programs use in their
//! name. A lost password is released on a page of its own (`crate::pages::release`), which shows it once.

use dinh_model::{AccountId, Language};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, Choice, Section, Tone};
use dinh_services::accounts::{
    Account, IdentityCheck, list_tokens, reset_second_factor, revoke_token, second_factor_of,
};

use super::blocks::{badge, danger, fact, facts, folded, moment, note};
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, choice, form, option};
use super::sessions;
use super::table::Rows;

/// What a person's page shows of it to whoever manages the account.
pub fn of_person(desk: &mut Desk<'_>, account: &Account) -> Given<Vec<Section>> {
    Ok(vec![factor(desk, account.id)?, sessions::of_person(desk, account.id)?, tokens(desk, account.id)?])
}

/// How whoever releases something made sure whom they have before them, as choices.
fn identities(language: Language) -> Vec<Choice> {
    IdentityCheck::ALL.into_iter().map(|check| option(check.as_str(), check.title(language))).collect()
}

fn factor(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let title = desk.say("Xác thực hai lớp", "Second factor");
    let Some(factor) = second_factor_of(desk.call, id)? else {
        let none = note(desk.say("Chưa đăng ký.", "None enrolled."));
        return Ok(folded("second-factor", title, vec![none]));
    };
    let list = vec![
        badge(title.clone(), desk.say("Đã đăng ký", "Enrolled"), Tone::Good),
        fact(desk.say("Từ lúc", "Since"), moment(factor.enrolled)),
        fact(
            desk.say("Mã khôi phục còn lại", "Recovery codes left"),
            super::blocks::count(factor.recovery_left),
        ),
    ];
    let mut blocks = vec![facts(list)];
    if desk.call.account() != Some(id) {
        let how = choice(
            "identity",
            desk.say("Đã xác minh đúng người bằng cách nào", "How you made sure who they are"),
            identities(desk.language()),
        );
        let mut reset =
            form("reset-factor", desk.say("Cấp lại xác thực hai lớp", "Reset"), vec![how.required()]);
        reset.help = Some(desk.say(
            "Khi người dùng mất điện thoại và có mặt trực tiếp. Mọi phiên của họ kết thúc ngay; họ đăng ký lại khi đăng nhập.",
            "When the person has lost their phone and stands before you. All their sessions end; they enrol anew.",
        ));
        blocks.push(Block::Form(reset));
    }
    Ok(folded("second-factor", title, blocks))
}

fn tokens(desk: &mut Desk<'_>, id: AccountId) -> Given<Section> {
    let found = list_tokens(desk.call, id)?;
    let [over, good] = [desk.say("Hết hạn", "Over"), desk.say("Có hiệu lực", "In force")];
    let now = desk.call.now();
    let rows = Rows::new("tokens", &found, desk.say("Không có mã truy cập.", "No access tokens."))
        .text("name", desk.say("Tên", "Name"), |one| one.name.clone())
        .text("scope", desk.say("Phạm vi", "Scope"), |one| {
            let plugins = one.scope.plugins.iter().map(ToString::to_string);
            plugins
                .chain(one.scope.permissions.iter().map(ToString::to_string))
                .collect::<Vec<_>>()
                .join(", ")
        })
        .badge("state", desk.say("Hiệu lực", "Standing"), |one| {
            if one.expires <= now { (over.clone(), Tone::Neutral) } else { (good.clone(), Tone::Good) }
        })
        .moment("expires", desk.say("Hết hạn", "Ends"), |one| one.expires)
        .bulk(|one| one.id.to_string(), vec![danger(desk.say("Thu hồi", "Revoke"), "revoke-tokens")]);
    Ok(folded(
        "tokens-of",
        desk.say("Mã truy cập của chương trình", "Access tokens"),
        vec![rows.within().block()],
    ))
}

/// What comes back from those forms.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: AccountId) -> Given<Outcome> {
    let here = format!("/people/{id}");
    match inputs.0.form.as_str() {
        "reset-factor" => {
            reset_second_factor(desk.call, id, inputs.parsed("identity")?)?;
            desk.done(here, "Đã cấp lại xác thực hai lớp", "The second factor was reset")
        }
        "revoke-tokens" => {
            for one in &inputs.0.selected {
                revoke_token(desk.call, id, one.parse().map_err(|_| desk.missing())?)?;
            }
            desk.done(here, "Đã thu hồi mã truy cập", "The access tokens were revoked")
        }
        _ => sessions::end_of_person(desk, inputs, id)?.ok_or_else(|| desk.missing()),
    }
}
