#include <array>
#include <charconv>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/prompt.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--account", "ID", "of this account alone, by its twelve digits"},
    Option{"--role", "ROLE", "with --add: the role"},
    Option{"--add", "NAME", "make a profile of this name that takes the role"}, json_option};

struct RolesArguments {
    ProfileName profile;
    std::string account;
    std::string role;
    std::optional<ProfileName> added;
    Format format;
};

struct Role {
    std::string account_id;
    std::string account_name;
    std::string email;
    std::string name;
    std::string region;  // Of requests, as the sign-in's profile has it; may be empty.
};

Result<RolesArguments> parse(const Arguments& arguments) {
    RolesArguments parsed{.profile = HEARTH_TRY(profile_operand(arguments)),
                          .account = std::string(arguments.value("--account").value_or("")),
                          .role = std::string(arguments.value("--role").value_or("")),
                          .added = {},
                          .format = format_of(arguments)};
    if (const auto name = arguments.value("--add"))
        parsed.added = HEARTH_TRY(ProfileName::parse(*name));
    if (!parsed.role.empty() && !parsed.added)
        return std::unexpected(
            Error{Remedy::usage, "--role goes with --add", "--account ID --role ROLE --add NAME"});
    return parsed;
}

// Those that the arguments leave over.
std::vector<Role> roles_in(const Message& answer, const RolesArguments& arguments) {
    std::vector<Role> roles;
    for (const auto& one : answer.body["roles"].items()) {
        Role role{.account_id = one["account_id"].text(),
                  .account_name = one["account_name"].text(),
                  .email = one["email"].text(),
                  .name = one["role_name"].text(),
                  .region = answer.body["region"].text()};
        if (arguments.role.empty() || role.name == arguments.role) roles.push_back(std::move(role));
    }
    return roles;
}

enum class Numbers : std::uint8_t { none, shown };

std::string table_of(const std::vector<Role>& roles, Numbers numbers) {
    Table table;
    const auto add = [&](std::string number, Role role) {
        std::vector<Cell> cells;
        if (numbers == Numbers::shown) cells.push_back({.text = std::move(number)});
        for (auto* const text : {&role.account_id, &role.account_name, &role.email, &role.name})
            cells.push_back({.text = std::move(*text)});
        table.row(std::move(cells));
    };
    add("NUMBER", {.account_id = "ACCOUNT",
                   .account_name = "NAME",
                   .email = "E-MAIL",
                   .name = "ROLE",
                   .region = {}});
    std::size_t number = 0;
    for (const auto& role : roles) add(std::to_string(++number), role);
    return table.rendered(0, {});
}

// "Sandbox production" and "ReadOnly" are "sandbox-production-readonly".
std::string name_for(const Role& role) {
    std::string name;
    for (const char c :
         (role.account_name.empty() ? role.account_id : role.account_name) + "-" + role.name) {
        const bool capital = c >= 'A' && c <= 'Z';
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (capital) name += static_cast<char>(c - 'A' + 'a');
        if (plain) name += c;
        if (!capital && !plain && !name.empty() && name.back() != '-') name += '-';
    }
    return name.substr(0, 64);
}

// Asked until it is one of the numbers; absent for an empty line.
std::optional<Role> picked(const std::vector<Role>& roles, Terminal& terminal) {
    for (;;) {
        const auto line =
            ask_line(terminal, "Number of the role to make a profile of (none: return): ");
        if (!line || line->empty()) return {};
        std::size_t number = 0;
        const auto* const end = line->data() + line->size();
        const auto [read, problem] = std::from_chars(line->data(), end, number);
        if (problem == std::errc() && read == end && number > 0 && number <= roles.size())
            return roles[number - 1];
        Terminal::words("There is no such number.\n");
    }
}

Result<ProfileName> name_asked_for(const Role& role, Terminal& terminal) {
    const auto proposed = name_for(role);
    const auto line = ask_line(terminal, "Name of the profile [" + escaped(proposed) + "]: ");
    return ProfileName::parse(line && !line->empty() ? *line : proposed);
}

Error not_one(const RolesArguments& arguments, std::size_t count) {
    const std::string list = "hearth aws roles " + arguments.profile.text();
    if (count == 0)
        return {Remedy::usage,
                "this sign-in may take no role" +
                    (arguments.role.empty() ? "" : " '" + arguments.role + "'") +
                    (arguments.account.empty() ? "" : " of account " + arguments.account),
                list + " lists those that it may take"};
    return {Remedy::usage, std::to_string(count) + " roles fit, and --add is for one",
            list + " --account ID --role ROLE --add " +
                (arguments.added ? arguments.added->text() : "NAME")};
}

Result<> add(const RolesArguments& arguments, const ProfileName& name, const Role& role,
             Client& client, Terminal& terminal) {
    Request request("profile_add");
    request.text("name", name.text()).text("provider", "aws");
    std::vector<std::pair<std::string, std::string>> settings{
        {"sso_profile", arguments.profile.text()},
        {"sso_account_id", role.account_id},
        {"sso_role_name", role.name}};
    if (!role.region.empty()) settings.emplace_back("region", role.region);
    request.pairs("settings", settings);
    const auto answer = HEARTH_TRY(client.ask(request));
    if (arguments.format == Format::json) {
        print_json(terminal, answer);
        return {};
    }
    Terminal::words("Added '" + name.text() + "': role " + escaped(role.name) + " of account " +
                    escaped(role.account_id) + ". Whose keys it gives: hearth whoami " +
                    name.text() + "\n");
    return {};
}

// A person looks at the list and may pick from it; whoever pipes it wants the list alone.
bool offers_choice(const RolesArguments& arguments, const Invocation& invocation) {
    return arguments.format == Format::text && Terminal::shows_output() &&
           invocation.presence() == Presence::person;
}

Result<> choose(const RolesArguments& arguments, const std::vector<Role>& roles, Client& client,
                Terminal& terminal) {
    const auto role = picked(roles, terminal);
    if (!role) return {};
    const auto name =
        arguments.added ? *arguments.added : HEARTH_TRY(name_asked_for(*role, terminal));
    return add(arguments, name, *role, client, terminal);
}

Result<> run(const RolesArguments& arguments, Invocation& invocation) {
    auto& terminal = invocation.terminal;
    const auto& profile = arguments.profile.text();
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start, profile));
    Request request("aws_roles");
    request.text("profile", profile).text("account", arguments.account);
    const auto answer = HEARTH_TRY(client.ask(request));
    const auto roles = roles_in(answer, arguments);
    if (arguments.added && roles.size() == 1)
        return add(arguments, *arguments.added, roles.front(), client, terminal);
    const bool choice = !roles.empty() && offers_choice(arguments, invocation);
    if (arguments.added && !choice) return std::unexpected(not_one(arguments, roles.size()));
    if (choice) {
        terminal.out(table_of(roles, Numbers::shown));
        return choose(arguments, roles, client, terminal);
    }
    if (arguments.format == Format::json) {
        print_json(terminal, answer);
    } else if (roles.empty()) {
        return std::unexpected(not_one(arguments, 0));
    } else {
        terminal.out(table_of(roles, Numbers::none));
    }
    return {};
}

}  // namespace

constexpr Command aws_roles_command{
    .name = "aws roles",
    .summary = "list the roles that a sign-in to IAM Identity Center may take",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = options},
    .details =
        "Asks IAM Identity Center which accounts the profile's sign-in reaches, and which roles "
        "it\n"
        "may take there. --add makes a profile that takes one; at a terminal you pick it by its\n"
        "number. The new profile rests on the sign-in of PROFILE, and has the same region.",
    .examples =
        "hearth aws roles corp\n"
        "hearth aws roles corp --account 111122223333 --json\n"
        "hearth aws roles corp --account 111122223333 --role Developer --add dev",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
