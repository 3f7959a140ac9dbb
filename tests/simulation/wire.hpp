// The network between a process and the provider, one exchange at a time: it loses requests and
// replies, delays them past their time, brings them twice and in another order.
#pragma once

#include "core/http.hpp"
#include "simulation/process.hpp"

namespace hearth::simulation {

class Wire final : public Http {
  public:
    Wire(Process& process, const Witness& witness, Promises& promises)
        : process_(process), witness_(witness), promises_(promises) {}
    std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                  std::stop_token stop) override;

    // The network is away until then, for all processes of the machine.
    static bool away(const Host& host, const Scene& scene) {
        return scene.timeline.now() < host.offline_until;
    }

  private:
    struct Trip;
    std::expected<HttpResponse, HttpFailure> renew(std::size_t refresh);
    std::expected<HttpResponse, HttpFailure> revoke(const std::string& body);
    std::optional<HttpFailure> leave();
    Trip plan();
    void deliver(std::size_t refresh, const Place& place, const Trip& trip);

    Process& process_;
    Witness witness_;
    Promises& promises_;
};

}  // namespace hearth::simulation
