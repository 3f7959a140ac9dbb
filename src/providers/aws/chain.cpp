#include "providers/aws/chain.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/try.hpp"
#include "providers/aws/ways.hpp"

namespace hearth::providers::aws {
namespace {

struct Way {
    WayName named;
    MaybePlan (*look)(const Search& search) = nullptr;
    // A profile says it for itself, so that a role can rest on it; a role is walked on its own.
    bool own = false;
};

constexpr std::array table{
    Way{{"env", "`AWS_ACCESS_KEY_ID`"}, environment_keys},
    Way{{"assume-role", "`role_arn` without `web_identity_token_file`"}, assumed_role},
    Way{{"assume-role-with-web-identity",
         "`AWS_WEB_IDENTITY_TOKEN_FILE` or `web_identity_token_file`"},
        web_identity,
        true},
    Way{{"sso", "`sso_account_id` or `sso_role_name`"}, identity_center, true},
    Way{{"shared-credentials-file", "`aws_access_key_id` in the credentials file"},
        keys_of_credentials_file,
        true},
    Way{{"login", "`login_session`"}, console_login, true},
    Way{{"custom-process", "`credential_process`"}, process, true},
    Way{{"config-file", "`aws_access_key_id` in the config file"}, keys_of_config_file, true},
    Way{{"container-role",
         "`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI`"},
        container},
    Way{{"iam-role", "always, unless `AWS_EC2_METADATA_DISABLED` is `true`"}, instance_metadata},
};

constexpr auto names = [] {
    std::array<WayName, table.size()> found{};
    std::ranges::transform(table, found.begin(), &Way::named);
    return found;
}();

// A profile that somebody asks for by name has to be there.
Error not_there(const Question& question, const std::string& name) {
    std::string what = "the profile asked for is in neither of AWS's files";
    if (!question.profile)
        what = question.variables.profile_by + " names a profile that is in neither file";
    else if (shared_name(name))
        what = "profile " + name + " is in neither of AWS's files";
    return {
        Remedy::usage, std::move(what),
        "add it as [profile NAME] to " + question.files.config_path() + ", or name another one"};
}

// Half a sign-in is more likely forgotten than meant, and the machine's role would be a surprise.
Result<> check_forgotten(const Search& search) {
    if (!search.has("sso_session")) return {};
    return search.profile.wrong("sso_session",
                                "the profile has an sso_session, and no account and role",
                                "add sso_account_id and sso_role_name to it");
}

std::unexpected<Error> nothing(const Search& search) {
    return std::unexpected(Error{Remedy::usage, "nothing says where credentials for AWS come from",
                                 "add a [default] section to " +
                                     search.question.files.config_path() + ", or set AWS_PROFILE"});
}

}  // namespace

std::span<const WayName> ways() noexcept { return names; }

MaybePlan own_ways(const Search& search) {
    for (const auto& way : table) {
        if (!way.own) continue;
        auto found = HEARTH_TRY(way.look(search));
        if (found) return found;
    }
    HEARTH_CHECK(check_forgotten(search));
    return std::nullopt;
}

Result<Plan> plan(const Question& question) {
    const auto& by_variable = question.variables.profile;
    const bool named = question.profile || !by_variable.empty();
    std::string name(question.profile.value_or(by_variable));
    if (name.empty()) name = "default";
    const auto profile = question.files.profile(name);
    if (named && !profile) return std::unexpected(not_there(question, name));
    const Search search{.question = question,
                        .name = std::move(name),
                        .profile = profile.value_or(SharedSection()),
                        .variables_count = !question.profile};
    for (const auto& way : table) {
        if (way.look == container) HEARTH_CHECK(check_forgotten(search));
        auto found = HEARTH_TRY(way.look(search));
        if (found) return *std::move(found);
    }
    return nothing(search);
}

}  // namespace hearth::providers::aws
