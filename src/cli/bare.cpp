#include "cli/bare.hpp"

#include <algorithm>

#include "core/header_rules.hpp"
#include "core/try.hpp"
#include "sources/given.hpp"

namespace hearth::cli {
namespace {

bool known(std::string_view provider) {
    return std::ranges::any_of(sources::all(), [provider](const sources::Source& source) {
        return !source.provider.empty() && source.provider == provider;
    });
}

Error nothing_given(const Bare& bare, const std::vector<sources::Step>& steps) {
    std::string looked_at;
    std::string empty;
    for (const auto& step : steps) {
        if (!step.source->callers()) continue;
        const std::string name(step.source->name);
        looked_at += (looked_at.empty() ? "" : ", ") + name;
        if (step.found == sources::Found::empty) empty += "; " + name + " is set, but to nothing";
    }
    return {Remedy::sign_in,
            bare.profile.text() + ": --bare looks at nothing but " + looked_at +
                ", and none of them holds a credential" + empty,
            "set one of them, or leave --bare out"};
}

}  // namespace

Result<std::optional<Bare>> bare_in(const Arguments& arguments, const ProfileName& profile) {
    const auto named = arguments.value(bare_provider_option.name);
    if (!arguments.has(bare_option.name)) {
        if (!named) return std::nullopt;
        return std::unexpected(
            Error{Remedy::usage, "--provider goes with --bare; else the profile says it", ""});
    }
    Bare bare{.profile = profile, .provider = std::string(named.value_or(profile.text()))};
    if (known(bare.provider)) return bare;
    return std::unexpected(Error{Remedy::usage,
                                 named ? "no provider is called '" + bare.provider + "'"
                                       : "--bare reads no settings, and the name '" +
                                             bare.provider + "' does not say which provider it is",
                                 "--bare --provider claude, or --bare --provider oidc"});
}

std::vector<sources::Step> bare_steps(const Bare& bare, const Invocation& invocation) {
    auto steps = sources::resolve(bare.provider, sources::offer_of(invocation.environment));
    for (auto& step : steps) {
        if (step.source->callers()) continue;
        step = {.source = step.source, .why = "--bare does not look there"};
    }
    return steps;
}

Result<OwnCredential> bare_credential(const Bare& bare, const Invocation& invocation) {
    const auto steps = bare_steps(bare, invocation);
    const auto* const source = sources::callers_own(steps);
    if (source == nullptr) return std::unexpected(nothing_given(bare, steps));
    auto token = HEARTH_TRY(sources::take(*source, invocation.environment));
    return OwnCredential{.source = source, .token = std::move(token)};
}

Result<std::vector<Header>> bare_headers(const Bare& bare, const Invocation& invocation,
                                         const std::string& method, const std::string& url) {
    auto own = HEARTH_TRY(bare_credential(bare, invocation));
    const Credential credential({.kind = own.source->kind,
                                 .token = std::move(own.token),
                                 .profile = bare.profile.text(),
                                 .version = {},
                                 .expires_at = {},
                                 .headers = header_rules(bare.provider, own.source->kind)});
    return credential.headers(method, url);
}

}  // namespace hearth::cli
