#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "providers/provider.hpp"

namespace hearth::testing {

// Remembers what was shown, and does what the test says when it is. Not thread-safe.
class FakePerson : public providers::Person {
  public:
    void show(const providers::Prompt& prompt) override {
        shown.push_back(prompt);
        if (on_show) on_show(prompt);
    }
    void on_paste(std::function<void(Secret)> receive) override { receive_ = std::move(receive); }
    // As if the session had been kept, or not.
    void on_end(providers::Farewell farewell) override { farewell(end); }

    void paste(std::string_view text) { receive_(Secret(text)); }
    [[nodiscard]] bool can_paste() const { return receive_ != nullptr; }

    template <class Kind>
    [[nodiscard]] std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const auto& prompt : shown) {
            if (const auto* const one = std::get_if<Kind>(&prompt)) found.push_back(*one);
        }
        return found;
    }

    std::vector<providers::Prompt> shown;
    std::function<void(const providers::Prompt&)> on_show;
    Result<> end;

  private:
    std::function<void(Secret)> receive_;
};

// A parameter of a URL's query as it stands there, still encoded; empty when it has none of that
// name.
inline std::string parameter(const std::string& url, const std::string& name) {
    const auto query = url.find('?');
    if (query == std::string::npos) return {};
    auto rest = "&" + url.substr(query + 1);
    const auto start = rest.find("&" + name + "=");
    if (start == std::string::npos) return {};
    rest = rest.substr(start + name.size() + 2);
    return rest.substr(0, rest.find('&'));
}

}  // namespace hearth::testing
