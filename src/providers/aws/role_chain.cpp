// Roles that rest on roles, walked without recursion: a file decides how long the chain is.
#include <algorithm>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "providers/aws/role_parameters.hpp"
#include "providers/aws/ways.hpp"

namespace hearth::providers::aws {
namespace {

// A profile with an identity token for its role needs no other credentials for it.
bool has_role(const SharedSection& profile) {
    return profile.has("role_arn") && !profile.has("web_identity_token_file");
}

// From the profile that was asked for to the one that the whole rests on.
class Walk {
  public:
    explicit Walk(const Search& search) : search_(search) {}

    Result<Plan> plan() {
        const auto& question = search_.question;
        sts_ = HEARTH_TRY(service_settings(Service::sts, question.files, search_.profile,
                                           question.variables, question.home));
        auto profile = search_.profile;
        while (true) {
            HEARTH_CHECK(add_role(profile));
            if (profile.has("credential_source")) return onto(HEARTH_TRY(named_source(profile)));
            const auto next = HEARTH_TRY(source_profile(profile));
            const bool itself = next.name() == profile.name();
            if (!itself && !has_keys(next) && has_role(next)) {
                profile = next;
                continue;
            }
            return onto(HEARTH_TRY(source_plan(profile, next)));
        }
    }

  private:
    Result<> add_role(const SharedSection& profile) {
        if (links_.size() >= longest_chain)
            return profile.wrong(
                "role_arn",
                "more than " + std::to_string(longest_chain) + " profiles rest on each other",
                "let one of them have credentials of its own");
        HEARTH_CHECK(check_source(profile));
        AssumeRole role;
        const auto arn = given_by(profile, "role_arn");
        HEARTH_CHECK(check_role_arn(arn));
        const auto session = given_by(profile, "role_session_name");
        HEARTH_CHECK(check_role_session_name(session));
        const auto external = given_by(profile, "external_id");
        HEARTH_CHECK(check_external_id(external));
        const auto serial = given_by(profile, "mfa_serial");
        HEARTH_CHECK(check_mfa_serial(serial));
        role.duration = HEARTH_TRY(role_duration(profile));
        role.role_arn = arn.text;
        role.role_session_name = session.text;
        role.external_id = external.text;
        role.mfa_serial = serial.text;
        role.sts = sts_;
        links_.push_back({.role = std::move(role),
                          .profile = std::string(profile.name()),
                          .place = profile.at("role_arn")});
        return {};
    }

    static Result<> check_source(const SharedSection& profile) {
        const bool by_profile = profile.has("source_profile");
        const bool by_name = profile.has("credential_source");
        if (by_profile && by_name)
            return profile.wrong("credential_source",
                                 "the profile has both source_profile and credential_source",
                                 "take one of them out");
        if (by_profile || by_name) return {};
        return profile.wrong("role_arn",
                             "the role has neither source_profile nor credential_source",
                             "add source_profile = NAME, or credential_source = Environment");
    }

    [[nodiscard]] Result<SharedSection> source_profile(const SharedSection& profile) const {
        const auto next = search_.question.files.profile(profile.text("source_profile"));
        if (!next)
            return profile.wrong("source_profile",
                                 "source_profile names a profile that is in neither file",
                                 "add that profile, or name another one");
        // A profile may be its own source where it has keys; a later one's keys were used already.
        const bool itself = next->name() == profile.name();
        if ((itself && has_keys(*next)) || !visited(next->name())) return *next;
        return profile.wrong("source_profile", "source_profile leads in a circle: " + circle(*next),
                             "let one of these profiles have credentials of its own");
    }

    [[nodiscard]] bool visited(std::string_view name) const {
        return std::ranges::find(links_, name, &Link::profile) != links_.end();
    }

    [[nodiscard]] std::string circle(const SharedSection& closing) const {
        std::string names;
        for (const auto& link : links_) names += link.profile + " → ";
        return names + std::string(closing.name());
    }

    // Keys come before whatever else that profile has, its own role included.
    [[nodiscard]] Result<Plan> source_plan(const SharedSection& profile,
                                           const SharedSection& next) const {
        const Search search{.question = search_.question,
                            .name = std::string(next.name()),
                            .profile = next,
                            .variables_count = false};
        auto keys = HEARTH_TRY(keys_of_credentials_file(search));
        if (!keys) keys = HEARTH_TRY(keys_of_config_file(search));
        if (keys) return *std::move(keys);
        auto own = HEARTH_TRY(own_ways(search));
        if (own) return *std::move(own);
        return profile.wrong("source_profile",
                             "the profile that source_profile names has no credentials",
                             "give it some, or name another one");
    }

    [[nodiscard]] Result<Plan> named_source(const SharedSection& profile) const {
        const auto source = profile.text("credential_source");
        const auto& variables = search_.variables();
        const auto off = [&](std::string_view why, std::string_view hint) {
            return profile.wrong("credential_source",
                                 "credential_source is " + source + ", and " + std::string(why),
                                 hint);
        };
        if (source == "Environment") {
            if (variables.keys.access_key_id.empty())
                return off("AWS_ACCESS_KEY_ID is not set",
                           "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            return environment_plan(variables);
        }
        if (source == "EcsContainer") {
            if (variables.container.relative_uri.empty() && variables.container.full_uri.empty())
                return off("this is no container: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set",
                           "run this where the container's variables are set");
            return container_plan(variables.container);
        }
        if (source == "Ec2InstanceMetadata") {
            if (variables.metadata.disabled)
                return off("AWS_EC2_METADATA_DISABLED turns that off", "unset the variable");
            return metadata_plan(search_);
        }
        return profile.wrong("credential_source", "credential_source is nothing that it can be",
                             "Environment, Ec2InstanceMetadata or EcsContainer, in these capitals");
    }

    // From the innermost role outwards.
    [[nodiscard]] Plan onto(Plan plan) {
        while (!links_.empty()) {
            auto link = std::move(links_.back());
            links_.pop_back();
            link.role.source = std::make_unique<Plan>(std::move(plan));
            plan = Plan{.way = std::move(link.role),
                        .name = "assume-role",
                        .profile = std::move(link.profile),
                        .place = std::move(link.place)};
        }
        return plan;
    }

    struct Link {
        AssumeRole role;
        std::string profile;
        std::string place;
    };

    const Search& search_;
    ServiceSettings sts_;
    std::vector<Link> links_;
};

}  // namespace

MaybePlan assumed_role(const Search& search) {
    if (!has_role(search.profile)) return std::nullopt;
    return HEARTH_TRY(Walk(search).plan());
}

}  // namespace hearth::providers::aws
