//! An address read back letter by letter: what is easily mixed up stands out, so that whoever invites looks twice
//! (rules 10, 12).

use leptos::prelude::*;

/// An address in letters of one width, its `_` and `-` emphasised.
#[component]
pub fn ReadBack(#[prop(into)] address: String) -> impl IntoView {
    view! { <p class="review-address mono" inner_html=marked(&address)></p> }
}

/// The address as HTML; it may break behind its `@`.
fn marked(address: &str) -> String {
    let mut html = String::with_capacity(address.len() + 16);
    for letter in address.chars() {
        match letter {
            '_' => html.push_str("<b>_</b>"),
            '-' => html.push_str("<b>-</b>"),
            '@' => html.push_str("@<wbr>"),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            _ => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::marked;

    /// Rule 12.
    #[test]
    fn what_is_easily_mixed_up_stands_out_and_nothing_becomes_markup() {
        assert_eq!(marked("a_b-c@d.by"), "a<b>_</b>b<b>-</b>c@<wbr>d.by");
        assert_eq!(marked("<b>&"), "&lt;b&gt;&amp;");
    }
}
