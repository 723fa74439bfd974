//! What is said when a role cannot be as it was wished: which roles and which permissions stand in the way, and how to go on
//! (W-28).

use super::Language;
use crate::domain::permission::Permissions;
use crate::domain::role::{NamedRole, RoleRefused};

words! {
    role_unknown = "There is no such role, or it was removed. The list of roles has all that there are."
        | "Такой роли нет, или она удалена. Все роли есть в списке.";
    role_gives_rank(giver: &str, given: &str) = "{giver} can only assign roles that stand below it, and {given} does not. Change the order of the two, or remove {given} from what {giver} may assign."
        | "Роль {giver} может назначать только роли ниже себя, а {given} не ниже. Измените их порядок или уберите {given} из списка роли {giver}.";
    role_gives_permissions(giver: &str, given: &str, lacks: &str) = "{giver} may assign {given}, which has more: {lacks}. Add this to {giver}, or remove {given} from what {giver} may assign."
        | "Роль {giver} может назначать {given}, а у той прав больше: {lacks}. Добавьте их роли {giver} или уберите {given} из её списка.";
    role_gives_roles(giver: &str, given: &str, lacks: &str) = "{giver} may assign {given}, which assigns what {giver} does not: {lacks}. Add {lacks} to what {giver} may assign, or take {given} out of it."
        | "Роль {giver} может назначать {given}, а та назначает и другие: {lacks}. Добавьте {lacks} в список роли {giver} или уберите {given} из него.";
    role_is_own(role: &str) = "{role} is your own role, so you cannot change or remove it. Ask somebody with a higher one."
        | "{role} — ваша собственная роль, изменить или удалить её вы не можете. Обратитесь к тому, чья роль выше.";
    role_not_below(own: &str, role: &str) = "Your role {own} does not assign {role}, so you cannot change or remove it. Ask somebody whose role does."
        | "Ваша роль {own} не назначает {role}, поэтому изменить или удалить её вы не можете. Обратитесь к тому, чья роль её назначает.";
    role_top_stays(role: &str) = "{role} is the highest role. It cannot be removed." | "{role} — высшая роль. Удалить её нельзя.";
    role_not_held(own: &str, lacks: &str) = "Your role {own} does not have this itself: {lacks}. Leave it as it was, or ask somebody who has it."
        | "В вашей роли {own} этого нет: {lacks}. Оставьте как было или обратитесь к тому, у кого это есть.";
    role_not_assigned(own: &str, lacks: &str) = "Your role {own} does not assign {lacks} itself. Leave this as it was, or ask somebody whose role does."
        | "Ваша роль {own} сама не назначает {lacks}. Оставьте как было или обратитесь к тому, чья роль назначает.";
    role_not_lower(own: &str, most: i64) = "The role has to stand below yours, {own}: its order is {most} at most."
        | "Роль должна быть ниже вашей роли {own}: её порядок не больше {most}.";
    role_of_installation(permissions: &str) = "Only the highest role has this: {permissions}. Take it out."
        | "Это есть только у высшей роли: {permissions}. Уберите это.";
}

impl Language {
    /// The name of a role that a refusal names.
    pub fn named_role(self, role: &NamedRole) -> String {
        match role.name.as_str() {
            "" => self.role_of_preset(&role.key).to_string(),
            name => name.to_string(),
        }
    }

    /// Why a role is not as it was wished, in a sentence.
    pub fn role_refused(self, refused: &RoleRefused) -> String {
        let of = |role: &NamedRole| match self {
            Self::English => format!("“{}”", self.named_role(role)),
            Self::Russian => format!("«{}»", self.named_role(role)),
        };
        let all = |roles: &[NamedRole]| roles.iter().map(of).collect::<Vec<_>>().join(", ");
        let list = |permissions: &Permissions| {
            permissions.iter().map(|one| self.permission(one)).collect::<Vec<_>>().join(", ")
        };
        match refused {
            RoleRefused::Unknown => self.role_unknown().into(),
            RoleRefused::GivesRank { giver, given } => self.role_gives_rank(&of(giver), &of(given)),
            RoleRefused::GivesPermissions { giver, given, lacks } => {
                self.role_gives_permissions(&of(giver), &of(given), &list(lacks))
            }
            RoleRefused::GivesRoles { giver, given, lacks } => {
                self.role_gives_roles(&of(giver), &of(given), &all(lacks))
            }
            RoleRefused::NotBelow { own, role } if own == role => self.role_is_own(&of(role)),
            RoleRefused::NotBelow { own, role } => self.role_not_below(&of(own), &of(role)),
            RoleRefused::Top { role } => self.role_top_stays(&of(role)),
            RoleRefused::NotHeld { own, lacks } => self.role_not_held(&of(own), &list(lacks)),
            RoleRefused::NotAssigned { own, lacks } => self.role_not_assigned(&of(own), &all(lacks)),
            RoleRefused::NotLower { own, most } => self.role_not_lower(&of(own), *most),
            RoleRefused::OfInstallation { permissions } => self.role_of_installation(&list(permissions)),
        }
    }
}
