#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "oauth/callback.hpp"

namespace hearth::testing {

// A listener without a socket: the test brings the requests. Safe from any thread.
class FakeCallbacks : public oauth::Callbacks {
  public:
    static constexpr std::uint16_t chosen_port = 49'321;

    Result<std::unique_ptr<oauth::CallbackListener>> listen(
        std::uint16_t port,
        std::function<oauth::CallbackReply(const oauth::CallbackRequest&)> handle) override {
        if (taken) return std::unexpected(Error{Remedy::failed, "the port is taken", ""});
        const std::scoped_lock lock(door_->mutex);
        door_->handle = std::move(handle);
        port_ = port == 0 ? chosen_port : port;
        return std::make_unique<Listener>(door_, port_);
    }

    [[nodiscard]] bool listening() const {
        const std::scoped_lock lock(door_->mutex);
        return door_->handle != nullptr;
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // Status 0 when nobody listens.
    oauth::CallbackReply deliver(const oauth::CallbackRequest& request) {
        const std::scoped_lock lock(door_->mutex);
        if (!door_->handle) return {.status = 0, .headers = {}, .body = {}};
        return door_->handle(request);
    }
    // As a browser would ask, the Host being right.
    oauth::CallbackReply get(const std::string& target) {
        return deliver({.method = "GET",
                        .target = target,
                        .headers = {{"Host", "127.0.0.1:" + std::to_string(port_)}}});
    }

    bool taken = false;

  private:
    struct Door {
        std::mutex mutex;  // Held during a call: one at a time, and the end waits for it.
        std::function<oauth::CallbackReply(const oauth::CallbackRequest&)> handle;
    };
    class Listener : public oauth::CallbackListener {
      public:
        Listener(std::shared_ptr<Door> door, std::uint16_t port)
            : door_(std::move(door)), port_(port) {}
        ~Listener() override {
            const std::scoped_lock lock(door_->mutex);
            door_->handle = nullptr;
        }
        [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

      private:
        std::shared_ptr<Door> door_;
        std::uint16_t port_;
    };

    std::shared_ptr<Door> door_ = std::make_shared<Door>();
    std::uint16_t port_ = 0;
};

// A browser that comes back to the listener and follows where it is sent, on a thread of its own.
class FakeBrowser {
  public:
    explicit FakeBrowser(FakeCallbacks& callbacks) : callbacks_(callbacks) {}

    oauth::CallbackReply come_back(const std::string& target) {
        auto reply = callbacks_.get(target);
        for (const auto& header : reply.headers) {
            if (header.name != "Location") continue;
            follower_ = std::jthread([this, next = header.value] { page_ = callbacks_.get(next); });
        }
        return reply;
    }
    // The page that it ended on.
    oauth::CallbackReply page() {
        if (follower_.joinable()) follower_.join();
        return page_;
    }

  private:
    FakeCallbacks& callbacks_;
    oauth::CallbackReply page_{.status = 0, .headers = {}, .body = {}};
    std::jthread follower_;
};

}  // namespace hearth::testing
