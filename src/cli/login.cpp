#include <algorithm>
#include <array>

#include "cli/auth_refresh.hpp"
#include "cli/commands.hpp"
#include "cli/login_report.hpp"
#include "cli/own_file.hpp"
#include "cli/prompt.hpp"
#include "cli/sign_in.hpp"
#include "core/try.hpp"
#include "sources/given.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--device", "", "show a code to enter on another device"},
    Option{"--no-browser", "", "print the address instead of opening it"},
    Option{"--with-key", "",
           "keep an API key that you have, once the provider has accepted it:\n"
           "read from stdin, or typed unseen"},
    Option{"--no-verify", "", "with --with-key: keep it without asking the provider"},
    Option{"--with-token", "", "keep a token that you have: read from stdin, or typed unseen"},
    Option{"--with-key-file", "FILE",
           "keep what a credential file holds, such as a service account's key;\n"
           "hearth needs the file no more"},
    Option{"--switch", "", "let another account take the profile over"},
    json_option};

enum class Way : std::uint8_t { browser, device, given_token, given_key, given_file };

constexpr std::size_t longest_key_file = 256UL * 1024;

struct LoginArguments {
    std::optional<ProfileName> profile;  // Absent: the only one there is.
    Way way;
    bool open_browser;
    bool switch_account;
    bool verify;
    Format format;
    std::string key_file;  // Of Way::given_file.
};

Result<Way> way_in(const Arguments& arguments) {
    static constexpr std::array ways{
        std::pair{std::string_view("--device"), Way::device},
        std::pair{std::string_view("--with-token"), Way::given_token},
        std::pair{std::string_view("--with-key"), Way::given_key},
        std::pair{std::string_view("--with-key-file"), Way::given_file}};
    auto way = Way::browser;
    std::string_view chosen;
    for (const auto& [option, one] : ways) {
        if (!arguments.has(option)) continue;
        if (!chosen.empty())
            return std::unexpected(Error{
                Remedy::usage,
                std::string(chosen) + " and " + std::string(option) + " exclude each other", ""});
        chosen = option;
        way = one;
    }
    if (arguments.has("--no-verify") && way != Way::given_key)
        return std::unexpected(
            Error{Remedy::usage, "--no-verify goes with --with-key, and with nothing else", ""});
    return way;
}

Result<LoginArguments> parse(const Arguments& arguments) {
    const auto way = HEARTH_TRY(way_in(arguments));
    std::optional<ProfileName> profile;
    if (arguments.operands() > 0) profile = HEARTH_TRY(profile_operand(arguments));
    return LoginArguments{.profile = profile,
                          .way = way,
                          .open_browser = !arguments.has("--no-browser"),
                          .switch_account = arguments.has("--switch"),
                          .verify = !arguments.has("--no-verify"),
                          .format = format_of(arguments),
                          .key_file = std::string(arguments.value("--with-key-file").value_or(""))};
}

Error no_such_profile(const std::string& name) {
    return Error{Remedy::usage, "no profile is called '" + name + "'",
                 "hearth profile add " + name +
                     " --provider oidc --issuer URL, or hearth profile add " + name +
                     " --provider claude"};
}

// The profile that was named, or the only one there is.
Result<std::string> chosen_profile(const LoginArguments& arguments, Client& client) {
    Request request("profile_list");
    const auto answer = HEARTH_TRY(client.ask(request));
    std::vector<std::string> names;
    for (const auto& profile : answer.body["profiles"].items())
        names.push_back(profile["name"].text());
    if (arguments.profile) {
        const auto& name = arguments.profile->text();
        // The agent finds the project's, and says so where there is none either.
        if (client.in_project()) return name;
        if (std::ranges::find(names, name) != names.end()) return name;
        return std::unexpected(no_such_profile(name));
    }
    if (names.size() == 1) return names.front();
    if (names.empty())
        return std::unexpected(Error{Remedy::usage, "there is no profile yet to sign in to",
                                     "hearth profile add NAME --provider oidc --issuer URL"});
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return std::unexpected(
        Error{Remedy::usage, "which profile? there are " + list, "hearth login " + names.front()});
}

// What is read is a token or, by `what`, a key.
Result<Secret> read_given(const std::string& profile, std::string_view what, Invocation& invocation,
                          Presence presence) {
    if (!invocation.terminal.reads_keys()) {
        // Blanks around it may come on top.
        const auto input = HEARTH_TRY(read_input(sources::longest_token + 1024));
        return sources::token_in(input.reveal(), "stdin");
    }
    const std::string name(what);
    if (presence != Presence::person)
        return std::unexpected(Error{Remedy::usage,
                                     "a " + name + " is read from stdin, and that is a terminal",
                                     "hearth login " + profile + " --with-" + name + " <FILE"});
    const auto typed = HEARTH_TRY(ask_secret(
        invocation.terminal, "The " + name + " for " + profile + " (it is not shown): "));
    return sources::token_in(typed.reveal(), "what was typed");
}

// As it is: what it holds is for the provider to judge.
Result<Secret> read_key_file(const std::string& path) {
    auto file = own_file(path, longest_key_file);
    if (!file)
        return std::unexpected(Error{Remedy::usage, path + " is not there", "name another file"});
    if (!file->problem.empty())
        return std::unexpected(
            Error{Remedy::usage, path + " " + file->problem, "name a credential file of your own"});
    if (!file->text.empty()) return std::move(file->text);
    return std::unexpected(Error{Remedy::usage, path + " is empty", "name a credential file"});
}

// Without a terminal a sign-in is still for a person, who may sit at the desktop.
Presence presence_of(const Invocation& invocation) {
    if (invocation.non_interactive) return Presence::nobody;
    return invocation.terminal.has_person() ? Presence::person : Presence::elsewhere;
}

Result<Request> login_request(const LoginArguments& arguments, const std::string& profile,
                              Invocation& invocation, Presence presence) {
    Request request("login");
    request.text("profile", profile);
    tell_of_commands(invocation, request);
    request.text("way", arguments.way == Way::device ? "device" : "browser");
    request.flag("open", arguments.open_browser).flag("switch", arguments.switch_account);
    if (arguments.way == Way::given_token)
        request.secret("token", HEARTH_TRY(read_given(profile, "token", invocation, presence)));
    if (arguments.way == Way::given_file)
        request.secret("token", HEARTH_TRY(read_key_file(arguments.key_file)));
    if (arguments.way == Way::given_key) {
        request.flag("unverified", !arguments.verify);
        request.secret("key", HEARTH_TRY(read_given(profile, "key", invocation, presence)));
    }
    return request;
}

std::optional<Opener> opener_of(const LoginArguments& arguments, Presence presence) {
    if (!arguments.open_browser) return std::nullopt;
    return presence == Presence::nobody ? Opener::chosen : Opener::desktop;
}

Result<ExitStatus> sign_in(const LoginArguments& arguments, Invocation& invocation,
                           LoginReport& report) {
    const auto presence = presence_of(invocation);
    auto client = HEARTH_TRY(Client::open(
        invocation, Reach::start, arguments.profile ? arguments.profile->text() : std::string()));
    client.set_presence(presence);
    const auto profile = HEARTH_TRY(chosen_profile(arguments, client));
    HEARTH_CHECK(refuse_own_command(invocation, profile));
    auto request = HEARTH_TRY(login_request(arguments, profile, invocation, presence));
    client.complete(request);
    const auto attempt = [&]() -> Result<std::optional<Message>> {
        HEARTH_CHECK(client.begin(request));
        return follow_sign_in(client, invocation, profile, opener_of(arguments, presence), report);
    };
    for (;;) {
        auto attempted = attempt();
        if (!attempted && client.met_an_ending_agent()) {
            HEARTH_CHECK(client.reach_next_agent());
            attempted = attempt();
        }
        const auto answer = HEARTH_TRY(std::move(attempted));
        if (!answer) return report.interrupted();
        if (answer->kind == Message::Kind::ok) {
            report.done(answer->body);
            if (arguments.way == Way::given_file) report.file_kept(arguments.key_file);
            return invocation.terminal.end();
        }
        if (!client.can_unlock(*answer)) return std::unexpected(answer->error());
        HEARTH_CHECK(client.unlock(*answer));
    }
}

ExitStatus run(const Arguments& given, Invocation& invocation) {
    LoginReport report(invocation.terminal, format_of(given));
    const auto arguments = parse(given);
    if (!arguments) return report.failed(arguments.error());
    const auto status = sign_in(*arguments, invocation, report);
    return status ? *status : report.failed(status.error());
}

}  // namespace

constexpr Command login_command{
    .name = "login",
    .summary = "sign in: by browser, by a code on another device, or with a key",
    .grammar = {.operands = "[PROFILE]",
                .least = 0,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Signs a person in and keeps the session. The browser is what BROWSER says, or the\n"
        "desktop's. Before it is opened, hearth makes sure that the session can be kept. PROFILE\n"
        "may be left out when there is only one. ctrl-C cancels and leaves nothing behind.\n"
        "An API key is tried once at the provider before it is kept, and shown nowhere after.\n"
        "With --json each step is an object on a line: open, code, done, failed.",
    .examples =
        "hearth login work\n"
        "hearth login work --device\n"
        "hearth login claude --with-key <key-file\n"
        "hearth login vertex --with-key-file key.json",
    .run = run};

}  // namespace hearth::cli
