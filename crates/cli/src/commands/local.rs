//! `groma local`

use std::{io, net::Ipv4Addr, sync::Arc};

use local::{Clock, Cloud, ImageRecord, Options, Place, ecr::images::ImageMarks};
use tokio::net::TcpListener;

use super::waiting;
use crate::{
    args::{Global, Local},
    exit::Exit,
    out::{Out, Problem},
    world::cloud_folder,
};

pub(crate) fn run(global: &Global, out: &Out, command: Local) -> Exit {
    let result = match command {
        Local::Serve { port, speed } => return waiting(out, serve(global, out, port, speed)),
        Local::Push { reference, account, region, port, healthy_paths, architecture, crash } => {
            let healthy_paths = (!healthy_paths.is_empty()).then_some(healthy_paths);
            let crash = (!crash.is_empty()).then_some(crash);
            let marks = ImageMarks { port, healthy_paths, architecture, crash };
            push(global, out, &reference, &Place { account, region }, marks)
        }
        Local::Dump => dump(global, out),
        Local::Reset => reset(global, out),
    };
    match result {
        Ok(()) => Exit::Done,
        Err(error) => out.problem(&Problem::words("the local cloud refuses", error.to_string())),
    }
}

fn cloud(global: &Global, clock: Clock) -> io::Result<Cloud> {
    Cloud::open_with(&cloud_folder(&global.directory), Options { clock, ..Options::default() })
}

fn push(global: &Global, out: &Out, reference: &str, place: &Place, marks: ImageMarks) -> io::Result<()> {
    let cloud = cloud(global, Clock::Virtual)?;
    let record = ImageRecord { digest: None, marks };
    let pushed = cloud.push_image(reference, place, &record).map_err(io::Error::other)?;
    out.text(&format!("Pushed {} ({}).\n", pushed.uri, pushed.digest));
    Ok(())
}

fn dump(global: &Global, out: &Out) -> io::Result<()> {
    let census = cloud(global, Clock::Virtual)?.dump()?;
    out.text(&format!("{census:#}\n"));
    Ok(())
}

fn reset(global: &Global, out: &Out) -> io::Result<()> {
    cloud(global, Clock::Virtual)?.reset()?;
    out.text("The local cloud is as new.\n");
    Ok(())
}

async fn serve(global: &Global, out: &Out, port: u16, speed: f64) -> Exit {
    let opened = async {
        let cloud = cloud(global, Clock::Wall { speed })?;
        Ok::<_, io::Error>((cloud, TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?))
    };
    let (cloud, listener) = match opened.await {
        Ok(opened) => opened,
        Err(error) => return out.problem(&Problem::words("cannot serve the local cloud", error.to_string())),
    };
    let port = listener.local_addr().map_or(port, |address| address.port());
    out.text(&format!(
        "The local cloud answers at http://127.0.0.1:{port} until Ctrl-C. In another terminal:\n\n  \
         export AWS_ENDPOINT_URL=http://127.0.0.1:{port} AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=local\n  \
         aws ecr describe-repositories --region us-east-1\n"
    ));
    tokio::select! {
        served = local::door::serve(Arc::new(cloud), listener) => match served {
            Ok(()) => Exit::Done,
            Err(error) => out.problem(&Problem::words("the local cloud stopped", error.to_string())),
        },
        _ = tokio::signal::ctrl_c() => Exit::Done,
    }
}
