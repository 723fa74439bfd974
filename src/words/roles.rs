//! What the presets' roles are called, and what each role lets its holder do. A role made by hand carries its own name, and
//! its meaning is told by its permissions.

use super::Language;
use crate::domain::permission::Permission;
use crate::domain::role::Role;

impl Language {
    /// The role's name: the one given by hand, else the preset's.
    pub fn role_name(self, role: &Role) -> String {
        let name = if role.name.is_empty() { self.role_of_preset(&role.key) } else { &role.name };
        if role.is_removed { self.removed_role(name) } else { name.to_string() }
    }

    pub(super) fn role_of_preset(self, key: &str) -> &str {
        match key {
            "main_administrator" | "portal_administrator" | "blank_main_administrator" => self.main_administrator(),
            "company_administrator" => self.company_administrator(),
            "dispatcher" => self.dispatcher(),
            "agent_group_manager" => self.agent_group_manager(),
            "employee" => self.employee(),
            "school_owner" | "booking_owner" => self.owner(),
            "school_administrator" | "learning_administrator" | "blank_administrator" => self.administrator(),
            "school_coordinator" => self.coordinator(),
            "school_teacher" => self.teacher(),
            "learning_super_administrator" => self.super_administrator(),
            "learning_tutor" => self.tutor(),
            "learning_learner" => self.learner(),
            "booking_chain_administrator" => self.chain_administrator(),
            "booking_branch_administrator" => self.branch_administrator(),
            "booking_accountant" => self.accountant(),
            "booking_specialist" => self.specialist(),
            "portal_manager" => self.company_manager(),
            "portal_advisor" => self.advisor(),
            "portal_client" => self.client_user(),
            "blank_member" => self.member(),
            _ => self.role_without_name(),
        }
    }

    /// What a holder of the role may do, in a sentence or two; told by the permissions, so that it is true of every role.
    pub fn role_sentence(self, role: &Role) -> String {
        if role.is_top {
            return self.may_everything().into();
        }
        let list = |wanted: &dyn Fn(Permission) -> bool| {
            let names: Vec<&str> =
                role.permissions.iter().filter(|one| wanted(*one)).map(|one| self.permission(one)).collect();
            names.join(", ").to_lowercase()
        };
        let (sees, does) = (list(&Permission::is_section), list(&|one| !one.is_section()));
        match (sees.is_empty(), does.is_empty()) {
            (true, true) => self.may_nothing().into(),
            (false, true) => self.only_sees(&sees),
            (true, false) => self.only_does(&does),
            (false, false) => self.sees_and_does(&sees, &does),
        }
    }
}

words! {
    removed_role(name: &str) = "{name} (removed)" | "{name} (удалена)";
    main_administrator = "Main administrator" | "Главный администратор";
    company_administrator = "Company administrator" | "Администратор компании";
    dispatcher = "Dispatcher" | "Диспетчер";
    agent_group_manager = "Agent group manager" | "Менеджер группы агентов";
    employee = "Employee" | "Сотрудник";
    owner = "Owner" | "Владелец";
    administrator = "Administrator" | "Администратор";
    coordinator = "Coordinator" | "Координатор";
    teacher = "Teacher" | "Преподаватель";
    super_administrator = "Super administrator" | "Суперадминистратор";
    tutor = "Tutor" | "Куратор";
    learner = "Learner" | "Учащийся";
    chain_administrator = "Chain administrator" | "Администратор сети";
    branch_administrator = "Branch administrator" | "Администратор филиала";
    accountant = "Accountant" | "Бухгалтер";
    specialist = "Specialist" | "Специалист";
    company_manager = "Company manager" | "Менеджер компании";
    advisor = "Advisor" | "Консультант";
    client_user = "Client" | "Клиент";
    member = "Member" | "Участник";
    role_without_name = "Role" | "Роль";
    may_everything = "Sees and does everything, everywhere." | "Видит и может всё и везде.";
    may_nothing = "Has a profile of their own; sees nobody else." | "Имеет свой профиль, других людей не видит.";
    only_sees(sections: &str) = "Sees: {sections}. Changes nothing." | "Разделы: {sections}. Ничего не изменяет.";
    only_does(functions: &str) = "May: {functions}." | "Может: {functions}.";
    sees_and_does(sections: &str, functions: &str) = "Sees: {sections}. May: {functions}." | "Разделы: {sections}. Действия: {functions}.";
}
