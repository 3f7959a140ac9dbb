#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/given_token.hpp"
#include "cli/login_report.hpp"
#include "cli/prompt.hpp"
#include "cli/sign_in.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--device", "", "show a code to enter on another device"},
    Option{"--no-browser", "", "print the address instead of opening it"},
    Option{"--with-token", "",
           "keep a token or key that you have: read from stdin, or typed unseen"},
    Option{"--switch", "", "let another account take the profile over"}, json_option};

enum class Way : std::uint8_t { browser, device, given_token };

struct LoginArguments {
    std::optional<ProfileName> profile;  // Absent: the only one there is.
    Way way;
    bool open_browser;
    bool switch_account;
    Format format;
};

Result<LoginArguments> parse(const Arguments& arguments) {
    const bool device = arguments.has("--device");
    const bool given = arguments.has("--with-token");
    if (device && given)
        return std::unexpected(
            Error{Remedy::usage, "--device and --with-token exclude each other", ""});
    auto way = device ? Way::device : Way::browser;
    if (given) way = Way::given_token;
    std::optional<ProfileName> profile;
    if (arguments.operands() > 0) profile = HEARTH_TRY(profile_operand(arguments));
    return LoginArguments{.profile = profile,
                          .way = way,
                          .open_browser = !arguments.has("--no-browser"),
                          .switch_account = arguments.has("--switch"),
                          .format = format_of(arguments)};
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

Result<Secret> read_token(const std::string& profile, Invocation& invocation, Presence presence) {
    if (!invocation.terminal.reads_keys()) {
        // Blanks around it may come on top.
        const auto input = HEARTH_TRY(read_input(longest_token + 1024));
        return given_token(input.reveal());
    }
    if (presence != Presence::person)
        return std::unexpected(Error{Remedy::usage,
                                     "a token is read from stdin, and that is a terminal",
                                     "hearth login " + profile + " --with-token <FILE"});
    const auto typed = HEARTH_TRY(
        ask_secret(invocation.terminal, "Token or key for " + profile + " (it is not shown): "));
    return given_token(typed.reveal());
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
    request.text("way", arguments.way == Way::device ? "device" : "browser");
    request.flag("open", arguments.open_browser).flag("switch", arguments.switch_account);
    if (arguments.way == Way::given_token)
        request.secret("token", HEARTH_TRY(read_token(profile, invocation, presence)));
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
    .grammar = {.operands = "[PROFILE]", .least = 0, .most = 1, .options = options},
    .details =
        "Signs a person in and keeps the session. The browser is what BROWSER says, or the\n"
        "desktop's. Before it is opened, hearth makes sure that the session can be kept. PROFILE\n"
        "may be left out when there is only one. ctrl-C cancels and leaves nothing behind.\n"
        "With --json each step is an object on a line: open, code, done, failed.",
    .examples =
        "hearth login work\n"
        "hearth login work --device\n"
        "hearth login claude --with-token <key-file",
    .run = run};

}  // namespace hearth::cli
