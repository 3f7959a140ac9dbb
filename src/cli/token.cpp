#include <algorithm>
#include <array>

#include "cli/bare.hpp"
#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/min_ttl.hpp"
#include "cli/own_credential.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{min_ttl_option, bare_option, bare_provider_option, json_option};

struct TokenArguments {
    ProfileName profile;
    std::optional<std::chrono::seconds> min_ttl;
    std::optional<Bare> bare;
    Format format;
};

Result<TokenArguments> parse(const Arguments& arguments) {
    const auto min_ttl = HEARTH_TRY(min_ttl_of(arguments));
    const auto profile = HEARTH_TRY(profile_operand(arguments));
    const auto bare = HEARTH_TRY(bare_in(arguments, profile));
    return TokenArguments{
        .profile = profile, .min_ttl = min_ttl, .bare = bare, .format = format_of(arguments)};
}

void print_own(Terminal& terminal, const OwnCredential& own, Format format) {
    if (format == Format::text) return print_token(terminal, own.token.reveal());
    JsonLine line;
    const bool key = own.source->kind == Credential::Kind::api_key;
    line.text("token_type", key ? "x-api-key" : "Bearer").json("expires_at", "null");
    line.text("source", own.source->name).secret("token", own.token);
    SecretBuilder whole;
    whole.append(line.head()).append(line.tail());
    terminal.out(whole.reveal());
}

Result<> print(const TokenArguments& arguments, Invocation& invocation, const Message& answer) {
    if (const auto own = HEARTH_TRY(own_credential(invocation, answer))) {
        print_own(invocation.terminal, *own, arguments.format);
        return {};
    }
    return print_token(invocation.terminal, answer, arguments.format);
}

Result<> run(const TokenArguments& arguments, Invocation& invocation) {
    if (arguments.bare) {
        const auto own = HEARTH_TRY(bare_credential(*arguments.bare, invocation));
        print_own(invocation.terminal, own, arguments.format);
        return {};
    }
    Request request("token");
    request.text("profile", arguments.profile.text());
    if (arguments.min_ttl) request.number("min_ttl", arguments.min_ttl->count());
    offer(invocation, request);
    const auto answer = HEARTH_TRY(ask_with_helper(invocation, request, arguments.profile.text()));
    HEARTH_CHECK(print(arguments, invocation, answer.message));
    if (answer.refresh) run_helper_behind(arguments.profile.text());
    return {};
}

}  // namespace

constexpr Command token_command{
    .name = "token",
    .summary = "print a fresh access token or key, and nothing else",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Prints the access token, or the API key, of a profile. It is renewed ahead of time;\n"
        "only when less than the profile's minimum is left does this wait for a renewal,\n"
        "ten seconds at most. An expired token is never printed.\n"
        "With --bare it is what a variable or a descriptor of this process holds, or an error.",
    .examples =
        "curl -H \"Authorization: Bearer $(hearth token work)\" https://api.example.com/\n"
        "hearth token work --min-ttl 10m\n"
        "hearth token claude --bare\n"
        "hearth token work --json    {\"token\":…,\"token_type\":…,\"expires_at\":…}",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
