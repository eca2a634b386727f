//! Names, and the password.

use model::{Value, schema::Finding};

use super::{
    super::super::common::{finding, is_identifier},
    Arguments, text,
};

/// Identifiers, the engine, its class, its user and its first database.
pub(super) fn check(arguments: &Arguments) -> Vec<Finding> {
    let rule = |name: &str, longest: usize| {
        let given = text(arguments, name).filter(|given| !is_identifier(given, longest))?;
        let detail = format!(
            "`{given}` is no identifier: it begins with a letter, has letters, digits and single hyphens, ends with no hyphen, and has {longest} characters at most"
        );
        Some(finding(name, detail, "write a name like `orders-db`"))
    };
    let prefix = text(arguments, "db_instance_identifier_prefix");
    let prefix = prefix.filter(|prefix| !is_identifier(&format!("{prefix}0"), 56)).map(|_| {
        let detail = "the start of an identifier begins with a letter, has letters, digits and single hyphens, and 55 characters at most";
        finding("db_instance_identifier_prefix", detail, "write a start like `orders-`")
    });
    let names = [
        rule("db_instance_identifier", 63),
        rule("final_db_snapshot_identifier", 255),
        prefix,
        engine(arguments),
        class(arguments),
        user(arguments),
        database(arguments),
    ];
    names.into_iter().flatten().collect()
}

/// Other names of engines are left to AWS, which gets new ones.
fn engine(arguments: &Arguments) -> Option<Finding> {
    let given = text(arguments, "engine")?;
    let (detail, meant) = match given.to_lowercase().as_str() {
        "aurora" | "aurora-mysql" => ("an instance of Aurora belongs to a cluster, which groma cannot make", "mysql"),
        "aurora-postgresql" => ("an instance of Aurora belongs to a cluster, which groma cannot make", "postgres"),
        "pg" | "postgresql" | "psql" => ("RDS has another word for the engine of PostgreSQL", "postgres"),
        "maria" | "maria-db" => ("RDS has another word for the engine of MariaDB", "mariadb"),
        _ => return None,
    };
    Some(finding("engine", format!("`{given}`: {detail}"), &format!("write `engine = \"{meant}\"`")))
}

fn class(arguments: &Arguments) -> Option<Finding> {
    let given = text(arguments, "db_instance_class").filter(|given| !given.starts_with("db."))?;
    let detail = format!("`{given}` is no class of RDS: they begin with `db.`");
    let hint = match given.split('.').count() {
        2 => format!("write `db.{given}`"),
        _ => "write a class like `db.t3.micro`".to_owned(),
    };
    Some(finding("db_instance_class", detail, &hint))
}

/// Words that an engine keeps for itself. AWS's model does not list them; these are its own users.
const RESERVED: [(&str, &[&str]); 2] = [("postgres", &["admin", "rdsadmin"]), ("mysql", &["rdsadmin"])];

fn user(arguments: &Arguments) -> Option<Finding> {
    let (given, engine) = (text(arguments, "master_username")?, text(arguments, "engine")?);
    let longest = if is_mysql(engine) { 16 } else { 63 };
    let reserved =
        RESERVED.iter().any(|(name, words)| *name == engine && words.contains(&given.to_lowercase().as_str()));
    if reserved {
        let detail = format!("the engine `{engine}` keeps the name `{given}` for itself");
        return Some(finding("master_username", detail, "write a name of your own, like `app`"));
    }
    let detail = format!("a master user has a letter first, then letters, digits and `_`, {longest} at most");
    (!is_word(given, longest)).then(|| finding("master_username", detail, "write a name like `app`"))
}

/// Other engines mean another thing by it.
fn database(arguments: &Arguments) -> Option<Finding> {
    let (given, engine) = (text(arguments, "db_name")?, text(arguments, "engine")?);
    let longest = match engine {
        "postgres" => 63,
        engine if is_mysql(engine) => 64,
        _ => return None,
    };
    let detail =
        format!("`{given}` is no name of a database: a letter first, then letters, digits and `_`, {longest} at most");
    let hint = match given.replace('-', "_") {
        better if is_word(&better, longest) => format!("write `{better}`"),
        _ => "write a name like `orders`".to_owned(),
    };
    (!is_word(given.trim_start_matches('_'), longest)).then(|| finding("db_name", detail, &hint))
}

fn is_mysql(engine: &str) -> bool {
    ["mariadb", "mysql"].contains(&engine)
}

fn is_word(text: &str, longest: usize) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.len() <= longest && text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && text.chars().all(fits)
}

const OTHER_PASSWORD: &str = "write another one, and keep it out of the file: { secret = { env = \"NAME\" } }";

/// Says what is wrong and never what it is.
pub(super) fn password(arguments: &Arguments) -> Vec<Finding> {
    let given = match arguments.get("master_user_password") {
        Some(Value::Text(text)) => Some(text.as_str()),
        Some(Value::Secret(secret)) => secret.expose(),
        _ => None,
    };
    let Some(given) = given else { return Vec::new() };
    let longest = match text(arguments, "engine") {
        Some("mysql" | "mariadb") => 41,
        Some(engine) if engine.starts_with("oracle") => 30,
        Some(engine) if engine.starts_with("db2") => 255,
        _ => 128,
    };
    let refused = |detail: String| finding("master_user_password", detail, OTHER_PASSWORD);
    let mut found = Vec::new();
    if given.len() < 8 || given.len() > longest {
        let letters = given.chars().count();
        found.push(refused(format!("the password has 8 to {longest} characters, and this one has {letters}")));
    }
    if given.chars().any(|letter| !letter.is_ascii_graphic() || "/@\"".contains(letter)) {
        let detail = "the password has printable ASCII characters without `/`, `\"`, `@` and spaces";
        found.push(refused(detail.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[track_caller]
    fn check(name: &str, given: &str, expected: &[&str]) {
        assert_eq!(said(&[(name, given.into())]), expected, "{given}");
    }

    #[test]
    fn names_have_their_forms() {
        check("db_instance_identifier", "orders-db", &[]);
        check("db_name", "orders", &[]);
        check("db_name", "_orders", &[]);
        let expected =
            "db_name: `my-app` is no name of a database: a letter first, then letters, digits and `_`, 63 at most";
        check("db_name", "my-app", &[expected]);
        check("master_username", "shop_1", &[]);
        check(
            "master_username",
            "Admin",
            &["master_username: the engine `postgres` keeps the name `Admin` for itself"],
        );
        let expected = "master_username: a master user has a letter first, then letters, digits and `_`, 63 at most";
        check("master_username", "1shop", &[expected]);
    }

    #[test]
    fn classes_of_other_services_are_no_classes() {
        check("db_instance_class", "db.t3.micro", &[]);
        let expected = "db_instance_class: `t3.micro` is no class of RDS: they begin with `db.`";
        check("db_instance_class", "t3.micro", &[expected]);
    }

    #[test]
    fn the_length_of_a_password_depends_on_the_engine() {
        let long = "a-long-password-for-the-test-that-has-60-characters-in-it-ok";
        let said_of = |engine: &str| said(&[("engine", engine.into()), ("master_user_password", long.into())]);
        assert_eq!(said_of("postgres"), Vec::<String>::new());
        let expected = "master_user_password: the password has 8 to 41 characters, and this one has 60";
        assert_eq!(said_of("mysql"), [expected]);
        let hidden = said(&[("master_user_password", "with/slash@and space".into())]);
        let expected =
            "master_user_password: the password has printable ASCII characters without `/`, `\"`, `@` and spaces";
        assert_eq!(hidden, [expected]);
    }
}
