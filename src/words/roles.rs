//! What the preset's roles are called, and what each means in one line. A role made by hand carries its own name.

use super::Language;
use crate::domain::role::Role;

impl Language {
    /// The role's name: the one given by hand, else the preset's.
    pub fn role_name(self, role: &Role) -> String {
        if !role.name.is_empty() {
            return role.name.clone();
        }
        let name = match role.key.as_str() {
            "main_administrator" => self.main_administrator(),
            "company_administrator" => self.company_administrator(),
            "dispatcher" => self.dispatcher(),
            "agent_group_manager" => self.agent_group_manager(),
            "employee" => self.employee(),
            other => other,
        };
        name.to_string()
    }

    /// What a holder of the role may do, in one line; empty for a role made by hand.
    pub fn role_meaning(self, role: &Role) -> &'static str {
        match role.key.as_str() {
            "main_administrator" => self.main_administrator_may(),
            "company_administrator" => self.company_administrator_may(),
            "dispatcher" => self.dispatcher_may(),
            "agent_group_manager" => self.agent_group_manager_may(),
            "employee" => self.employee_may(),
            _ => "",
        }
    }
}

words! {
    main_administrator = "Main administrator" | "Главный администратор";
    company_administrator = "Company administrator" | "Администратор компании";
    dispatcher = "Dispatcher" | "Диспетчер";
    agent_group_manager = "Agent group manager" | "Менеджер группы агентов";
    employee = "Employee" | "Сотрудник";
    main_administrator_may = "Manages all companies, people and settings."
        | "Управляет всеми компаниями, людьми и настройками.";
    company_administrator_may = "Invites and manages the people of the company."
        | "Приглашает людей своей компании и управляет ими.";
    dispatcher_may = "Sees the people of the company; changes nothing."
        | "Видит людей компании, ничего не изменяет.";
    agent_group_manager_may = "Sees the people of the group; changes nothing."
        | "Видит людей своей группы, ничего не изменяет.";
    employee_may = "Has an own profile; sees nobody else." | "Имеет свой профиль, других людей не видит.";
}
