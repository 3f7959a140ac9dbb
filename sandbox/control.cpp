#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "sandbox/endpoints.hpp"

namespace hearth::sandbox {

namespace {

boost::json::object family_entry(const Family& family, bool with_tokens) {
    boost::json::object entry{{"id", family.id},
                              {"client", family.permission.client_id},
                              {"user", family.permission.user},
                              {"face", name_of(family.permission.face)},
                              {"scope", joined(family.permission.scopes)},
                              {"generation", family.generation},
                              {"state", family.live ? "live" : "revoked"},
                              {"why", nullptr},
                              {"renewable", !family.refresh_token.empty()},
                              {"created_at", to_rfc3339(family.created_at)},
                              {"renewed_at", to_rfc3339(family.renewed_at)},
                              {"expires_at", to_rfc3339(family.newest.expires_at)}};
    if (!family.live) entry["why"] = family.why;
    if (with_tokens) {
        entry["access_token"] = family.newest.access_token;
        entry["refresh_token"] = family.refresh_token;
    }
    return entry;
}

// Lines of specifications, or {"faults": […]}; with "clear": true the old ones go first.
std::expected<std::vector<std::string>, std::string> specs_of(const Request& request, bool& clear) {
    std::vector<std::string> specs;
    if (!request.declares("application/json")) {
        std::string_view text = request.body;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
            if (!line.empty()) specs.emplace_back(line);
        }
        return specs;
    }
    boost::system::error_code error;
    const auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object()) return std::unexpected("the body is no JSON object");
    const auto* cleared = body.get_object().if_contains("clear");
    clear = cleared != nullptr && cleared->is_bool() && cleared->get_bool();
    const auto* list = body.get_object().if_contains("faults");
    if (list == nullptr) return specs;
    if (!list->is_array()) return std::unexpected("faults must be a list");
    for (const auto& entry : list->get_array()) {
        if (!entry.is_string()) return std::unexpected("faults must be a list of texts");
        specs.emplace_back(entry.get_string());
    }
    return specs;
}

Response list_faults(const State& state) {
    return json_response(200, {{"faults", state.faults.to_json()}});
}

Response add_faults(State& state, const Request& request) {
    bool clear = false;
    const auto specs = specs_of(request, clear);
    if (!specs) return error_response({"invalid_request", specs.error()});
    std::vector<Fault> faults;
    for (const auto& spec : *specs) {
        auto fault = Fault::parse(spec);
        if (!fault) return error_response({"invalid_request", fault.error()});
        faults.push_back(*std::move(fault));
    }
    if (clear) state.faults.clear();
    for (auto& fault : faults) state.faults.add(std::move(fault));
    return list_faults(state);
}

}  // namespace

Response records_endpoint(Exchange& exchange) {
    auto document = exchange.state.records.to_json();
    boost::json::array families;
    for (const auto& [id, family] : exchange.state.grants.families())
        families.push_back(family_entry(family, exchange.state.settings.records_with_tokens));
    document["families"] = std::move(families);
    document["faults"] = exchange.state.faults.to_json();
    document["aws"] = exchange.state.aws.records_json();
    document["now"] = to_rfc3339(exchange.now);
    return json_response(200, document);
}

Response faults_endpoint(Exchange& exchange) {
    if (exchange.request.method == "POST") return add_faults(exchange.state, exchange.request);
    if (exchange.request.method == "DELETE") exchange.state.faults.clear();
    return list_faults(exchange.state);
}

Response expire_endpoint(Exchange& exchange) {
    exchange.state.grants.expire_access_tokens(exchange.now);
    return json_response(200, {{"expired", true}});
}

Response revoke_families_endpoint(Exchange& exchange) {
    exchange.state.grants.revoke_all("revoked by the sandbox's user");
    return json_response(200, {{"revoked", true}});
}

Response move_families_endpoint(Exchange& exchange) {
    boost::system::error_code error;
    const auto body = boost::json::parse(exchange.request.body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* organization = object == nullptr ? nullptr : object->if_contains("organization");
    if (organization == nullptr || !organization->is_string())
        return error_response({"invalid_request", "organization must be a text"});
    exchange.state.grants.move_all(std::string(organization->get_string()));
    return json_response(200, {{"moved", true}});
}

Response revoke_keys_endpoint(Exchange& exchange) {
    exchange.state.api_keys.clear();
    return json_response(200, {{"revoked", true}});
}

}  // namespace hearth::sandbox
