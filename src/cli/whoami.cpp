#include <array>

#include "cli/bare.hpp"
#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/own_credential.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{bare_option, bare_provider_option, json_option};

struct WhoamiArguments {
    ProfileName profile;
    std::optional<Bare> bare;
    Format format;
};

Result<WhoamiArguments> parse(const Arguments& arguments) {
    const auto profile = HEARTH_TRY(profile_operand(arguments));
    const auto bare = HEARTH_TRY(bare_in(arguments, profile));
    return WhoamiArguments{.profile = profile, .bare = bare, .format = format_of(arguments)};
}

// Asked by an agent for this command alone: what this process was given is nobody else's to know.
Result<Message> ask_about(const OwnCredential& own, const std::string& profile, Client client) {
    Request request("whoami");
    request.text("profile", profile).text("given", own.source->name);
    request.secret("token", own.token);
    return client.ask(request);
}

Result<Message> bare_facts(const Bare& bare, Invocation& invocation) {
    // Of the providers, one alone can be asked without settings.
    if (bare.provider != "claude")
        return std::unexpected(
            Error{Remedy::usage,
                  "--bare reads no settings, and without them nothing says which "
                  "issuer of " +
                      bare.provider + " to ask",
                  "leave --bare out"});
    const auto& profile = bare.profile.text();
    const auto own = HEARTH_TRY(bare_credential(bare, invocation));
    auto client = HEARTH_TRY(Client::open_bare(invocation, profile, bare.provider));
    return ask_about(own, profile, std::move(client));
}

Result<Message> facts(const std::string& profile, Invocation& invocation) {
    Request request("whoami");
    request.text("profile", profile);
    offer(invocation, request);
    auto [answer, refresh] = HEARTH_TRY(ask_with_helper(invocation, request, profile));
    if (refresh) run_helper_behind(profile);
    if (const auto own = HEARTH_TRY(own_credential(invocation, answer)))
        return ask_about(*own, profile, HEARTH_TRY(Client::open(invocation, Reach::alone)));
    return std::move(answer);
}

Result<> run(const WhoamiArguments& arguments, Invocation& invocation) {
    const auto answer = HEARTH_TRY(arguments.bare ? bare_facts(*arguments.bare, invocation)
                                                  : facts(arguments.profile.text(), invocation));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    Table table;
    for (const auto& fact : answer.body["facts"].items()) {
        const auto pair = fact.items();
        if (pair.size() == 2) table.row({{.text = pair[0].text()}, {.text = pair[1].text()}});
    }
    invocation.terminal.out(table.rendered(0, {}));
    return {};
}

}  // namespace

constexpr Command whoami_command{
    .name = "whoami",
    .summary = "ask the provider who this is",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Asks the provider, over the network, whose credential this is, and prints what it says.\n"
        "Where a key or a token was given to this process, it is that which is asked about.\n"
        "With --bare it is that or nothing, no settings are read, and Claude is asked where\n"
        "ANTHROPIC_BASE_URL says.",
    .examples = "hearth whoami work\nhearth whoami claude --json\nhearth whoami claude --bare",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
