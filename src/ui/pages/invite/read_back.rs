//! An address read back letter by letter: what is easily mixed up stands out, so that whoever invites looks twice
//! (rules 10, 12).

use leptos::prelude::*;

/// An address in letters of one width, its `_` and `-` each marked in a way of its own.
#[component]
pub fn ReadBack(#[prop(into)] address: Signal<String>) -> impl IntoView {
    view! { <p class="review-address mono">{move || address.with(|address| marked(address))}</p> }
}

/// The address in pieces; it may break behind its `@`, and nowhere inside a word where that can be helped.
pub fn marked(address: &str) -> Vec<AnyView> {
    let mut pieces = Vec::new();
    for run in address.split_inclusive(['_', '-', '@']) {
        let (text, sign) = match run.char_indices().next_back() {
            Some((at, sign @ ('_' | '-' | '@'))) => (&run[..at], Some(sign)),
            _ => (run, None),
        };
        if !text.is_empty() {
            pieces.push(text.to_string().into_any());
        }
        match sign {
            Some('_') => pieces.push(view! { <b class="low-line">"_"</b> }.into_any()),
            Some('-') => pieces.push(view! { <b class="dash">"-"</b> }.into_any()),
            Some(_) => pieces.push(view! { "@" <wbr /> }.into_any()),
            None => {}
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule 12.
    #[test]
    fn what_is_easily_mixed_up_stands_out_and_nothing_becomes_markup() {
        let owner = Owner::new();
        owner.set();
        let html = |address: &str| view! { <ReadBack address=address.to_string() /> }.to_html().replace("<!>", "");
        let shown = html("a_b-c@d.by");
        assert!(shown.contains(r#"a<b class="low-line">_</b>b<b class="dash">-</b>c@<wbr>d.by"#), "{shown}");
        let shown = html("<b>&");
        assert!(shown.contains("&lt;b&gt;&amp;"), "{shown}");
    }
}
