//! Who may do what to whom: the policy printed as a table and checked in, then the same cells over HTTP, called as the
//! page's script does and sent as a plain form (AZ-01, AZ-02, AZ-04, AZ-05, AZ-06).

pub mod calls;
pub mod cells;
mod http;
mod presets;
mod print;

/// The reviewed table (AZ-01): a change of rights is a change of this file.
#[test]
fn the_table_is_the_one_that_was_reviewed() {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("policy_table", print::table());
    });
}

/// The same for every preset's roles, in a company and in a branch of it.
#[test]
fn the_roles_of_every_preset_are_those_that_were_reviewed() {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("policy_presets", presets::table());
    });
}
