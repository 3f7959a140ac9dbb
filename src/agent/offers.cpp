#include "agent/offers.hpp"

#include "agent/line.hpp"
#include "session/organization.hpp"

namespace hearth::agent {

sources::Offer offer_in(const Request& request) {
    return {.filled = request.members().texts("offered"),
            .empty = request.members().texts("empty")};
}

std::vector<sources::Step> sources_of(Service& service, const Call& call,
                                      const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    if (found == profiles.end()) return {};
    const auto helper = service.helpers.program_of(profile);
    return sources::resolve(found->second->provider, offer_in(call.request()),
                            helper ? helper->setting : std::string_view());
}

const sources::Source* callers_own(Service& service, const Call& call, const ProfileName& profile) {
    // What nearly every request is, without walking the table.
    if (!call.request().members().has("offered")) return nullptr;
    return sources::callers_own(sources_of(service, call, profile));
}

void answer_yours(Call& call, const sources::Source& source) {
    Line line;
    line.object("ok").text("yours", source.name);
    line.text("token_type", source.kind == Credential::Kind::api_key ? "x-api-key" : "Bearer");
    call.answer(line.take());
}

bool refuse_unknown_organization(Service& service, Call& call, const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    if (found == profiles.end() || found->second->required_organizations.empty()) return false;
    const auto* const source = sources::before_session(sources_of(service, call, profile));
    if (source == nullptr) return false;
    auto allowed = session::organization_allowed(*found->second, source->name);
    if (!allowed) fail(service, call, allowed.error());
    return !allowed;
}

bool from_helper(Service& service, const Call& call, const ProfileName& profile) {
    if (!service.helpers.program_of(profile)) return false;
    const auto* const source = sources::before_session(sources_of(service, call, profile));
    return source != nullptr && source->place == sources::Place::helper;
}

Error with_empty_offers(Service& service, const Call& call, const ProfileName& profile,
                        Error error) {
    if (!call.request().members().has("empty")) return error;
    for (const auto& step : sources_of(service, call, profile)) {
        if (step.found == sources::Found::empty)
            error.what += "; " + std::string(step.source->name) + " is set, but to nothing";
    }
    return error;
}

}  // namespace hearth::agent
