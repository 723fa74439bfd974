//! Enums whose variants are written as codes, in the database, in forms and in addresses: each variant and its code in one place,
//! so that no list of them can leave one out.

/// Defines such an enum, with `ALL`, `code` and `from_code`. `ALL` goes by the order of the variants, or by one of its own where
/// the variants are compared otherwise than they are shown.
macro_rules! coded {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }
    ) => {
        coded! {
            $(#[$about])*
            $vis enum $name { $($(#[$of])* $variant = $code,)+ }
            all [$($variant),+]
        }
    };
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }
        all [$($one:ident),+ $(,)?]
    ) => {
        $(#[$about])*
        $vis enum $name { $($(#[$of])* $variant,)+ }

        impl $name {
            pub const ALL: [Self; [$($code),+].len()] = {
                // One that is missing does not compile.
                const fn _is_listed(one: $name) {
                    match one { $($name::$one => (),)+ }
                }
                [$(Self::$one),+]
            };

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

pub(crate) use coded;
