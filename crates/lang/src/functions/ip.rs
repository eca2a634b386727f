//! Networks and addresses.

use std::net::IpAddr;

use ipnet::IpNet;
use model::Value;

use super::{Call, Fault, Function, Given};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("cidrhost", "network, host", cidrhost),
    Function::stop("cidrnetmask", "network", cidrnetmask),
    Function::stop("cidrsubnet", "network, new_bits, number", cidrsubnet),
    Function::stop("cidrsubnets", "network, new_bits...", cidrsubnets),
];

fn network(call: &Call<'_>) -> Given<IpNet> {
    let text = call.text(0)?;
    text.parse::<IpNet>().map(|network| network.trunc()).map_err(|_| {
        Fault::at(0, format!("{text:?} is no network")).hint("a network looks like `10.0.0.0/16` or `fd00::/48`")
    })
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six),
    }
}

/// The address of some bits in the family of a network; nothing when they do not fit.
fn address(family: &IpNet, bits: u128) -> Option<IpAddr> {
    match family {
        IpNet::V4(_) => u32::try_from(bits).ok().map(|bits| IpAddr::V4(bits.into())),
        IpNet::V6(_) => Some(IpAddr::V6(bits.into())),
    }
}

/// How many addresses a number of host bits gives; nothing for all of IPv6.
fn size(host_bits: u8) -> Option<u128> {
    1u128.checked_shl(host_bits.into())
}

/// A negative number counts from the end.
fn cidrhost(call: &Call<'_>) -> Given {
    let (network, host) = (network(call)?, call.whole(1)?);
    let host_bits = network.max_prefix_len() - network.prefix_len();
    let last = size(host_bits).map_or(u128::MAX, |size| size - 1);
    let distance = u128::from(host.unsigned_abs());
    let within = if host >= 0 { Some(distance) } else { last.checked_sub(distance - 1) };
    let within = within.filter(|within| *within <= last);
    within
        .and_then(|within| address(&network, bits(network.network()) + within))
        .map(|address| address.to_string().into())
        .ok_or_else(|| Fault::at(1, format!("{network} has no host {host}")))
}

fn cidrnetmask(call: &Call<'_>) -> Given {
    match network(call)? {
        IpNet::V4(network) => Ok(network.netmask().to_string().into()),
        IpNet::V6(_) => Err(Fault::at(0, "IPv6 networks have no mask, only a prefix length")),
    }
}

/// The prefix length after new bits.
fn longer(call: &Call<'_>, network: &IpNet, index: usize) -> Given<u8> {
    let new_bits = call.whole(index)?;
    let length = u8::try_from(new_bits).ok().and_then(|new| network.prefix_len().checked_add(new));
    length.filter(|length| *length <= network.max_prefix_len()).ok_or_else(|| {
        let room = network.max_prefix_len() - network.prefix_len();
        Fault::at(index, format!("{network} has room for 0 to {room} new bits, not {new_bits}"))
    })
}

fn subnet(network: &IpNet, start: u128, length: u8) -> Option<Value> {
    IpNet::new(address(network, start)?, length).ok().map(|network| network.to_string().into())
}

fn cidrsubnet(call: &Call<'_>) -> Given {
    let network = network(call)?;
    let length = longer(call, &network, 1)?;
    let number = call.whole(2)?;
    let new_bits = length - network.prefix_len();
    let fits = u128::try_from(number).ok().filter(|number| size(new_bits).is_none_or(|count| *number < count));
    let host_bits = u32::from(network.max_prefix_len() - length);
    fits.and_then(|number| number.checked_shl(host_bits).or(Some(0)))
        .and_then(|offset| subnet(&network, bits(network.network()) + offset, length))
        .ok_or_else(|| {
            let most = size(new_bits).map_or(u128::MAX, |count| count - 1);
            Fault::at(2, format!("with {new_bits} new bits there are the numbers 0 to {most}, not {number}"))
        })
}

/// One subnet after the other, each aligned to its own size.
fn cidrsubnets(call: &Call<'_>) -> Given {
    let network = network(call)?;
    let first = bits(network.network());
    let end = size(network.max_prefix_len() - network.prefix_len()).and_then(|size| first.checked_add(size));
    let mut next = Some(first);
    let mut subnets = Vec::new();
    for index in 1..call.values.len() {
        let length = longer(call, &network, index)?;
        let full = || Fault::at(index, format!("{network} has no room left for another /{length}"));
        let size = size(network.max_prefix_len() - length);
        let start = next.and_then(|next| match size {
            Some(size) => next.checked_next_multiple_of(size),
            None => (next == first).then_some(first),
        });
        let start = start.filter(|start| end.is_none_or(|end| *start < end)).ok_or_else(full)?;
        next = size.and_then(|size| start.checked_add(size));
        subnets.push(subnet(&network, start, length).ok_or_else(full)?);
    }
    Ok(Value::List(subnets))
}
