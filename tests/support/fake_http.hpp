#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/http.hpp"

namespace hearth::testing {

// Answers by URL, from what the test put there, and remembers what was asked. Safe from any thread.
class FakeHttp : public Http {
  public:
    using Answer = std::expected<HttpResponse, HttpFailure>;
    struct Seen {
        std::string method;
        std::string url;
        std::vector<Header> headers;
        std::string body;
    };

    // Queues one answer for the URL; the last one queued is repeated.
    void answer(const std::string& url, int status, std::string_view body,
                std::vector<Header> headers = {}) {
        auto on_request = [status, body = std::string(body),
                           headers = std::move(headers)](const Seen&) -> Answer {
            return HttpResponse{.status = status, .headers = headers, .body = Secret(body)};
        };
        answer_with(url, std::move(on_request));
    }
    void fail(const std::string& url, HttpFailure::Stage stage) {
        answer_with(url, [stage](const Seen& seen) -> Answer {
            return std::unexpected(
                HttpFailure{stage, Error{Remedy::unreachable, seen.url + " does not answer", ""}});
        });
    }
    void answer_with(const std::string& url, std::function<Answer(const Seen&)> make) {
        const std::scoped_lock lock(mutex_);
        answers_[url].push_back(std::move(make));
    }

    Answer send(HttpRequest request, std::stop_token /*stop*/) override {
        Seen seen{request.method, request.url, request.headers, std::string(request.body.reveal())};
        std::function<Answer(const Seen&)> make;
        {
            const std::scoped_lock lock(mutex_);
            seen_.push_back(seen);
            auto found = answers_.find(request.url);
            if (found == answers_.end() || found->second.empty()) {
                return std::unexpected(
                    HttpFailure{HttpFailure::Stage::not_sent,
                                Error{Remedy::unreachable, "no answer for " + request.url, ""}});
            }
            make = found->second.front();
            if (found->second.size() > 1) found->second.pop_front();
        }
        return make(seen);
    }

    [[nodiscard]] std::vector<Seen> seen() const {
        const std::scoped_lock lock(mutex_);
        return seen_;
    }
    [[nodiscard]] std::vector<Seen> seen(const std::string& url) const {
        std::vector<Seen> of_url;
        for (const auto& one : seen())
            if (one.url == url) of_url.push_back(one);
        return of_url;
    }

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::deque<std::function<Answer(const Seen&)>>> answers_;
    std::vector<Seen> seen_;
};

}  // namespace hearth::testing
