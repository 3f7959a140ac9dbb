// Files of other tools. The first line says whose; a line of dashes parts a profile's configuration
// from its credential.
#include "core/name.hpp"
#include "fuzz/target.hpp"
#include "importing/ant.hpp"
#include "importing/aws.hpp"
#include "importing/gcloud.hpp"
#include "importing/gh.hpp"
#include "importing/oidc_agent.hpp"

namespace hearth::fuzz {
namespace {

using importing::Finding;

void require_sound(const importing::Offer& offer) {
    require(offer.provider == "oidc" || offer.provider == "claude");
    require(offer.key.has_value() != offer.refresh_token.has_value());
    for (const auto& [key, value] : offer.settings) require(!key.empty() && !value.empty());
    for (const auto* const secret : {&offer.key, &offer.access_token, &offer.refresh_token})
        require(!*secret || !(*secret)->empty());
}

void require_sound(const Finding& finding) {
    require(!finding.what.empty());
    // Either it can be held, by a name that a profile can have, or it says why not.
    require(finding.offer.has_value() == finding.obstacle.empty());
    require(finding.offer.has_value() == ProfileName::parse(finding.name).has_value());
    for (const auto& text : {finding.account, finding.server}) require(text.size() <= 512);
    require(finding.release.empty() || finding.offer->refresh_token.has_value());
    require(!has_control_character(finding.hint + finding.release + finding.obstacle));
    if (finding.offer) require_sound(*finding.offer);
}

Finding ant_in(std::string_view text) {
    const auto border = text.find("\n---\n");
    const auto config = text.substr(0, border);
    (void)importing::ant_credentials_path(config);
    if (border == std::string_view::npos)
        return importing::ant_profile("default", config, std::nullopt);
    return importing::ant_profile("work", config, Secret(text.substr(border + 5)));
}

}  // namespace

void try_input(std::string_view input) {
    const auto [tool, rest] = first_line(input);
    const Secret text(rest);
    if (tool == "ant") require_sound(ant_in(rest));
    if (tool == "gcloud") require_sound(importing::application_default(text));
    if (tool == "gh")
        for (const auto& finding : importing::gh_hosts(text)) require_sound(finding);
    if (tool == "oidc-agent") require_sound(importing::oidc_agent_account("lab", text));
    if (tool != "aws") return;
    for (const auto& finding : importing::aws_keys(text)) require_sound(finding);
    require_sound(importing::aws_role(text));
    require_sound(importing::aws_login(text));
    if (const auto token = importing::aws_sso_token(text)) require_sound(*token);
}

}  // namespace hearth::fuzz
