#include "sandbox/records.hpp"

#include <boost/json/array.hpp>

namespace hearth::sandbox {

namespace {

boost::json::value text_or_null(const std::string& text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}
boost::json::value number_or_null(std::optional<int> number) {
    return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

boost::json::object to_json(const TokenRecord& record) {
    boost::json::array faults;
    for (const auto& spec : record.faults) faults.emplace_back(spec);
    return {{"at", to_rfc3339(record.at)},
            {"at_ms", record.at.time_since_epoch().count()},
            {"face", record.face},
            {"grant", text_or_null(record.grant)},
            {"client", text_or_null(record.client)},
            {"outcome", record.outcome},
            {"detail", text_or_null(record.detail)},
            {"family", text_or_null(record.family)},
            {"presented", number_or_null(record.presented)},
            {"generation", number_or_null(record.generation)},
            {"faults", std::move(faults)}};
}

}  // namespace

boost::json::object Records::to_json() const {
    boost::json::array requests;
    for (const auto& record : token_requests_) requests.push_back(sandbox::to_json(record));
    boost::json::object counts;
    for (const auto& [endpoint, count] : counts_) counts[endpoint] = count;
    return {{"token_requests", std::move(requests)}, {"counts", std::move(counts)}};
}

}  // namespace hearth::sandbox
