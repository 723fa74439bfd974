//! One's own tokens of the API, a new one, and the end of each.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::token::LIVES;
use crate::server_fns::tokens::{MakeToken, RevokeToken};
use crate::ui::components::{Choice, CopyField, Field, SelectField};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::{OwnTokens, TokenLife, TokenSummary};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::TokenName) => "token-name",
        UseCaseError::Invalid(Invalid::TokenLife) => "token-days",
        _ => "",
    }
}

/// The list of the tokens, and the form of a new one for whoever may make one.
pub fn section(own: OwnTokens) -> impl IntoView {
    let words = words();
    let (made, revoked) = (Note::about(MakeToken::PATH, field_of), Note::about(RevokeToken::PATH, |_| ""));
    let handed = made.answer().map(|secret| {
        view! {
            <div tabindex="-1" data-focus="">
                <CopyField id="token" label=words.own_token_new() value=secret copy=words.copy() copied=words.copied() />
            </div>
        }
    });
    let list = (!own.tokens.is_empty())
        .then(|| view! { <ul class="stack">{own.tokens.into_iter().map(row).collect_view()}</ul> });
    let form = (!own.lives.is_empty()).then(|| form(&made, own.lives));
    view! {
        <section class="card" aria-labelledby="tokens">
            <h2 id="tokens">{words.own_tokens()}</h2>
            <p class="muted">{words.own_tokens_lead()}</p>
            <PlainAnswer note=made done=words.own_token_made() />
            <PlainAnswer note=revoked done=words.own_token_revoked() />
            {handed}
            {list}
            {form}
        </section>
    }
}

fn form(note: &Note, lives: Vec<TokenLife>) -> impl IntoView + use<> {
    let words = words();
    let choices = lives
        .iter()
        .map(|life| Choice::new(life.days.to_string(), words.own_token_days(life.days, &life.until.short)))
        .collect();
    view! {
        <form class="stack form-width" method="post" action=MakeToken::PATH>
            <Field
                label=words.own_token_name()
                name="name"
                id="token-name"
                value=note.typed_or("name", "")
                hint=words.own_token_name_hint()
                error=note.error("token-name")
                autocomplete="off"
                required=true
            />
            <SelectField
                label=words.own_token_life()
                name="days"
                id="token-days"
                choices=choices
                selected=note.typed_or("days", LIVES[1].to_string())
                error=note.error("token-days")
            />
            <div class="actions">
                <button class="button">{words.own_token_create()}</button>
            </div>
        </form>
    }
}

fn row(token: TokenSummary) -> impl IntoView {
    let words = words();
    let used = match token.last_used {
        Some(at) => view! { <span title=at.exact>{words.own_token_used(&at.short)}</span> }.into_any(),
        None => words.own_token_unused().into_any(),
    };
    view! {
        <li class="section-head">
            <div>
                <p>{token.name.clone()}</p>
                <p class="meta">
                    <span title=token.created.exact>{words.own_token_since(&token.created.short)}</span>
                    ", "
                    {used}
                    ", "
                    <span title=token.until.exact>{words.own_token_until(&token.until.short)}</span>
                </p>
            </div>
            <form method="post" action=RevokeToken::PATH>
                <input type="hidden" name="id" value=token.id.to_string() />
                <button class="button small">
                    {words.own_token_revoke()}
                    <span class="visually-hidden">{format!(" {}", token.name)}</span>
                </button>
            </form>
        </li>
    }
}
