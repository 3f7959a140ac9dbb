#include <array>

#include "cli/commands.hpp"
#include "cli/helper.hpp"
#include "cli/own_credential.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

struct WhoamiArguments {
    ProfileName profile;
    Format format;
};

Result<WhoamiArguments> parse(const Arguments& arguments) {
    return WhoamiArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                           .format = format_of(arguments)};
}

// Asked by an agent for this command alone: what this process was given is nobody else's to know.
Result<Message> ask_about(const OwnCredential& own, const std::string& profile,
                          Invocation& invocation) {
    Request request("whoami");
    request.text("profile", profile).text("given", own.source->name);
    request.secret("token", own.token);
    auto client = HEARTH_TRY(Client::open(invocation, Reach::alone));
    return client.ask(request);
}

Result<Message> facts(const std::string& profile, Invocation& invocation) {
    Request request("whoami");
    request.text("profile", profile);
    offer(invocation, request);
    auto [answer, refresh] = HEARTH_TRY(ask_with_helper(invocation, request, profile));
    if (refresh) run_helper_behind(profile);
    if (const auto own = HEARTH_TRY(own_credential(invocation, answer)))
        return ask_about(*own, profile, invocation);
    return std::move(answer);
}

Result<> run(const WhoamiArguments& arguments, Invocation& invocation) {
    const auto answer = HEARTH_TRY(facts(arguments.profile.text(), invocation));
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
        "Where a key or a token was given to this process, it is that which is asked about.",
    .examples = "hearth whoami work\nhearth whoami claude --json",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
