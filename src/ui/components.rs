//! Parts that pages are made of: plain views with little logic, alike with and without script. No sentence of their
//! own (texts come in as props), no reading of data, no browser API; what needs script on every page is `public/usher.js`.

mod avatar;
mod check_field;
mod chip;
mod copy_field;
mod dialog;
mod empty_state;
mod facts;
mod field;
mod icon;
mod menu;
mod notice;
mod page_header;
mod pager;
mod password_field;
mod radio_group;
mod search_field;
mod select_field;
mod skeleton;
mod status_bar;
mod tabs;
mod text_field;
mod timeline;

pub use avatar::Avatar;
pub use check_field::CheckField;
pub use chip::{Chip, Tone};
pub use copy_field::{CopyButton, CopyField};
pub use dialog::{Dialog, DialogActions};
pub use empty_state::EmptyState;
pub use facts::{Fact, Facts};
pub use field::Field;
pub use icon::Icon;
pub use menu::{Menu, MenuButton, MenuDivider, MenuLink};
pub use notice::{ErrorSummary, Notice};
pub use page_header::PageHeader;
pub use pager::Pager;
pub use password_field::PasswordField;
pub use radio_group::RadioGroup;
pub use search_field::SearchField;
pub use select_field::{Choice, SelectField};
pub use skeleton::Skeleton;
pub use status_bar::StatusBar;
pub use tabs::{Tab, Tabs};
pub use text_field::TextField;
pub use timeline::{Timeline, TimelineEntry};
